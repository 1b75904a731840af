import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { BoardQuery } from '../../../orchestrator/agents/board.ts'
import type { Service } from '../../../orchestrator/service.ts'
import { createRevision } from '../../../shared/revision.ts'
import { type ActorRole, includesRole } from '../../../shared/role.ts'
import { minuteMs } from '../../../shared/time/durations.ts'
import type { Zone } from '../../../shared/time/zone.ts'
import { createTimes } from '../../format/times.ts'
import { statesIn } from '../../health/state.ts'
import { contentTag } from '../../http/etag.ts'
import { createRenderCache } from '../../http/render-cache.ts'
import { presentBoard, presentHead, presentTabs } from './board.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Of the agents that who asks may see. */
    agentsRegion(request: FastifyRequest): AgentsRegion
  }
}

/** The regions `#agents`, `#agents-head` and `#agents-tabs`, and the answer to a poll, which is all of them. */
type RenderedBoard = { list: string; head: string; tabs: string; polled: Buffer; agents: number; tag: string }

type Asked = { zone: Zone; query: BoardQuery; role: ActorRole }

type AgentsRegion = {
  /** What looks the same to everyone of a role is rendered once, however many browsers poll it. */
  rendered: (asked: Asked) => Promise<RenderedBoard>
  statesTag: () => string
  /** Moves when any of it may look different. */
  revision: () => string
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

  const keyOf = ({ zone, query, role }: Asked) => JSON.stringify([zone.name, query, role])
  // Hours of checks move on.
  const revision = createRevision(orchestrator.agentsRevision, () => Math.floor(orchestrator.now() / minuteMs))

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
    const shown = presentBoard(board, query, times)
    const [header, chooser] = [presentHead(board, times), presentTabs(board, query)]
    const tag = contentTag([shown, header, chooser, zone.name, role])
    const [list, head, tabs] = await Promise.all([
      view('agents/_agents', { ...shown, tags: { all: tag, states: statesTag() } }),
      view('agents/_agents-head', header),
      view('agents/board/_tabs', chooser),
    ])
    const polled = Buffer.from(await view('agents/_polled', { agents: { list, head, tabs } }))
    return { list, head, tabs, polled, agents: board.registered, tag }
  }

  /** Without the space, the quotes and the ends of cells that HTML does not need: a row has dozens of them. */
  async function rendered(template: string, model: object): Promise<string> {
    return (await app.view(template, model))
      .trim()
      .replace(/>\s+</g, '><')
      .replace(/\s*\n\s*/g, ' ')
      .replace(/="([\w#/%:.,-]+)"(?=[ >])/g, '=$1')
      .replaceAll('</td>', '')
  }

  const cached = createRenderCache(
    () => `${orchestrator.agentsRevision()} ${Math.floor(orchestrator.now() / 1000)}`,
    keyOf,
    render,
  )

  return { rendered: cached, statesTag, revision }
}
