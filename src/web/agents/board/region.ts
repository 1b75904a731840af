import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { BoardQuery } from '../../../orchestrator/agents/board.ts'
import type { Service } from '../../../orchestrator/service.ts'
import { type ActorRole, includesRole } from '../../../shared/role.ts'
import type { Zone } from '../../../shared/time/zone.ts'
import { createTimes } from '../../format/times.ts'
import { statesIn } from '../../health/state.ts'
import { tagIn } from '../../http/etag.ts'
import { createRenderCache } from '../../http/render-cache.ts'
import { presentBoard, presentHead, presentTabs } from './board.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Of the agents that who asks may see. */
    agentsRegion(request: FastifyRequest): AgentsRegion
  }
}

/** The regions `#agents`, `#agents-head` and `#agents-tabs`, and the answer to a poll, which is all of them. */
type RenderedBoard = { list: string; head: string; tabs: string; polled: Buffer; agents: number }

type Asked = { zone: Zone; query: BoardQuery; role: ActorRole }

type AgentsRegion = {
  /** What looks the same to everyone of a role is rendered once, however many browsers poll it. */
  rendered: (zone: Zone, query: BoardQuery, role: ActorRole) => Promise<RenderedBoard>
  /** Of all that is shown in a zone, except how long ago it was. */
  tag: (zone: Zone, role?: ActorRole) => string
  statesTag: () => string
}

export const agentsRegion = plugin(async (app: FastifyInstance) => {
  const regions = new WeakMap<Service, AgentsRegion>()
  app.decorate('agentsRegion', ({ orchestrator }: FastifyRequest) => {
    const region = regions.get(orchestrator) ?? regionOf(app, orchestrator)
    regions.set(orchestrator, region)
    return region
  })
})

function regionOf(app: FastifyInstance, orchestrator: Service): AgentsRegion {
  let states = ''
  let statesOf = ''

  const tag = (zone: Zone, role: ActorRole = 'admin') => tagIn(zone, `W/"${orchestrator.agentsRevision()}.${role}"`)

  function statesTag(): string {
    const revision = orchestrator.agentsRevision()
    if (revision !== statesOf) {
      const digest = createHash('sha256').update(statesIn(orchestrator.agents())).digest('base64url')
      states = `W/"states.${digest.slice(0, 16)}"`
      statesOf = revision
    }
    return states
  }

  async function render({ zone, query, role }: Asked): Promise<RenderedBoard> {
    const board = await orchestrator.board(query)
    const may = (needed: ActorRole) => includesRole(role, needed)
    const view = (template: string, model: object) => rendered(template, { ...model, may })
    const times = createTimes(zone, orchestrator.now())
    const [list, head, tabs] = await Promise.all([
      view('agents/_agents', presentBoard(board, query, times, { all: tag(zone, role), states: statesTag() })),
      view('agents/_agents-head', presentHead(board, times)),
      view('agents/board/_tabs', presentTabs(board, query)),
    ])
    const polled = Buffer.from(await view('agents/_polled', { agents: { list, head, tabs } }))
    return { list, head, tabs, polled, agents: board.registered }
  }

  /** Without the space between tags and attributes: a row has thirty of them. */
  async function rendered(template: string, model: object): Promise<string> {
    return (await app.view(template, model))
      .trim()
      .replace(/>\s+</g, '><')
      .replace(/\s*\n\s*/g, ' ')
  }

  const cached = createRenderCache(
    () => `${orchestrator.agentsRevision()} ${Math.floor(orchestrator.now() / 1000)}`,
    ({ zone, query, role }: Asked) => JSON.stringify([zone.name, query, role]),
    render,
  )

  return { rendered: (zone, query, role) => cached({ zone, query, role }), tag, statesTag }
}
