import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { statesIn } from '../health/state.ts'
import { createRenderCache } from '../http/render-cache.ts'
import { presentAgents, presentAgentsHead } from './list.ts'

declare module 'fastify' {
  interface FastifyInstance {
    agentsRegion: AgentsRegion
  }
}

/** The agent list as pages, polls and changes answer it: printed once, and told apart by tags (the header ETag). */
type AgentsRegion = {
  /** The regions `#agents` and `#agents-head`, and what polling answers: the one, and the other beside it. */
  rendered: () => Promise<{ list: string; head: string; polled: Buffer }>
  /** Of all that is shown, but for how long ago it was. */
  tag: () => string
  /** Of the states of the agents alone. */
  statesTag: () => string
}

export const agentsRegion = plugin(async (app: FastifyInstance) => {
  const { orchestrator } = app
  let states = ''
  let statesOf = ''

  const tag = () => `W/"${orchestrator.agentsRevision()}"`

  function statesTag(): string {
    const revision = orchestrator.agentsRevision()
    if (revision !== statesOf) {
      const digest = createHash('sha256').update(statesIn(orchestrator.agents())).digest('base64url')
      states = `W/"states.${digest.slice(0, 16)}"`
      statesOf = revision
    }
    return states
  }

  async function render() {
    const now = orchestrator.now()
    const agents = orchestrator.agents()
    const [list, head] = await Promise.all([
      app.view('agents/_agents', presentAgents(agents, now, { all: tag(), states: statesTag() })),
      app.view('agents/_agents-head', presentAgentsHead(agents, now)),
    ])
    // Space around a region would be added to the page by every poll.
    const regions = { list: list.trim(), head: head.trim() }
    const polled = await app.view('agents/_polled', { agents: regions })
    // As bytes: they are sent more often than printed.
    return { ...regions, polled: Buffer.from(polled.trim()) }
  }

  app.decorate('agentsRegion', {
    rendered: createRenderCache(
      () => `${orchestrator.agentsRevision()} ${Math.floor(orchestrator.now() / 1000)}`,
      render,
    ),
    tag,
    statesTag,
  })
})
