import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import type { Zone } from '../../shared/zone.ts'
import { createTimes } from '../format/times.ts'
import { statesIn } from '../health/state.ts'
import { tagIn } from '../http/etag.ts'
import { createRenderCache } from '../http/render-cache.ts'
import { presentAgents, presentAgentsHead } from './list.ts'

declare module 'fastify' {
  interface FastifyInstance {
    agentsRegion: AgentsRegion
  }
}

type AgentsRegion = {
  /** The regions `#agents` and `#agents-head`, and the answer to a poll. */
  rendered: (zone: Zone) => Promise<{ list: string; head: string; polled: Buffer }>
  /** Of all that is shown in a zone, except how long ago it was. */
  tag: (zone: Zone) => string
  statesTag: () => string
}

export const agentsRegion = plugin(async (app: FastifyInstance) => {
  const { orchestrator } = app
  let states = ''
  let statesOf = ''

  const tag = (zone: Zone) => tagIn(zone, `W/"${orchestrator.agentsRevision()}"`)

  function statesTag(): string {
    const revision = orchestrator.agentsRevision()
    if (revision !== statesOf) {
      const digest = createHash('sha256').update(statesIn(orchestrator.agents())).digest('base64url')
      states = `W/"states.${digest.slice(0, 16)}"`
      statesOf = revision
    }
    return states
  }

  async function render(zone: Zone) {
    const times = createTimes(zone, orchestrator.now())
    const agents = orchestrator.agents()
    const [list, head] = await Promise.all([
      app.view('agents/_agents', presentAgents(agents, times, { all: tag(zone), states: statesTag() })),
      app.view('agents/_agents-head', presentAgentsHead(agents, times)),
    ])
    // Every poll would add the space around a region to the page.
    const regions = { list: list.trim(), head: head.trim() }
    const polled = await app.view('agents/_polled', { agents: regions })
    return { ...regions, polled: Buffer.from(polled.trim()) }
  }

  app.decorate('agentsRegion', {
    rendered: createRenderCache(
      () => `${orchestrator.agentsRevision()} ${Math.floor(orchestrator.now() / 1000)}`,
      ({ name }) => name,
      render,
    ),
    tag,
    statesTag,
  })
})
