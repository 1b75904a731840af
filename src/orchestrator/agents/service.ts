import { createMemo } from '../../shared/memo.ts'
import { createRevision } from '../../shared/revision.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Store } from '../../store/ports.ts'
import type { EventStream } from '../events.ts'
import type { HealthService } from '../health/service.ts'
import type { Health } from '../health/shown.ts'
import type { RunLists } from '../history/list.ts'
import type { AgentDay, AgentDayReader } from '../history/sums/agent-days.ts'
import type { Limits } from '../limits.ts'
import type { Agent, RegisteredAgent } from '../registry/agent.ts'
import type { Registry } from '../registry/registry.ts'
import type { AgentSchema, Schemas } from '../registry/schemas.ts'
import type { UsualRuns } from '../runs/usual.ts'
import { type AgentFilter, type Board, type BoardQuery, boardOf, selectedAgents } from './board.ts'
import { type AgentChanges, createAgentChanges } from './changes.ts'
import { createDownCount } from './down-count.ts'
import { type AgentPages, type Checks, createAgentPages } from './page.ts'

export type AgentToEdit = { agent: Agent; defaultChecks: Checks }

type AgentWithHealth = Agent & { health: Health }

/** Agents come by name; `checkedAt` is when the last check ended. */
export type AgentList = {
  agents: AgentWithHealth[]
  checkedAt: number | undefined
  intervalMs: number
  mayBeOffline: boolean
}

/** `days`: of the agents that had a run. */
export type AgentBoard = Board<AgentWithHealth> &
  Omit<AgentList, 'agents'> & { days: Map<string, AgentDay>; expired: number; canCheck: boolean }

type Agents = {
  agents(filter?: AgentFilter): AgentList
  checkedAt(): number | undefined
  board(query: BoardQuery): Promise<AgentBoard>
  /** Takes in what another program has changed; without it, that is known a second later. */
  refreshAgents(): Promise<void>
  /** Moves whenever the agent list may look different; no two processes give the same. */
  agentsRevision(): string
  agentsDown(): number
  agent(id: string): AgentWithHealth
  /** The methods with an id throw NotFoundError. */
  agentToEdit(id: string): AgentToEdit
  agentWithRuns(id: string): Promise<{ agent: Agent; runs: number }>
  /** What the agent says now. Throws AgentUnavailableError. */
  schema(id: string): Promise<AgentSchema & { agent: Agent }>
  /** The schema it last gave, else what it says now. Throws AgentUnavailableError. */
  knownOrCurrentSchema(id: string): Promise<AgentSchema & { agent: Agent }>
  knownSchema(id: string): Promise<string | undefined>
  registered(isWithExpired: boolean): RegisteredAgent[]
  registration(id: string): RegisteredAgent
}

export type AgentService = Agents & AgentChanges & { agentPage: AgentPages }

export function createAgentService(deps: {
  store: Pick<Store, 'health' | 'history'>
  registry: Registry
  schemas: Schemas
  health: Pick<HealthService, 'monitor' | 'incidents'>
  runs: RunLists
  limits: Limits
  runChanges: () => string | number
  days: AgentDayReader
  usual: UsualRuns
  processId: string
  clock: Clock
  events: Pick<EventStream, 'emit'>
}): AgentService {
  const { store, registry, schemas, runs, days, limits, runChanges, processId, clock, events } = deps
  const { monitor, incidents } = deps.health
  const defaultChecks = limits.checks
  const withHealth = (agent: Agent) => ({ ...agent, health: monitor.of(agent) })
  const agentsRevision = createRevision(() => processId, registry.version, monitor.revision, runChanges, days.version)
  // A thousand agents are asked for several times by each page.
  const memo = createMemo(createRevision(agentsRevision, () => Math.floor(clock.now() / 1000)))
  const agents: Agents = {
    agents(filter) {
      const list = memo('agents', () => ({
        agents: registry.all().map(withHealth),
        checkedAt: monitor.checkedAt(),
        intervalMs: defaultChecks.intervalMs,
        mayBeOffline: monitor.mayBeOffline(),
      }))
      return filter ? { ...list, agents: selectedAgents(list.agents, filter) } : list
    },
    async board(query) {
      const { of } = await days.read()
      const { agents: all, ...list } = agents.agents()
      return {
        ...boardOf(all, query),
        ...list,
        days: of,
        expired: all.filter(({ health }) => health.state === 'expired').length,
        canCheck: all.some(({ pausedAt }) => pausedAt === undefined),
      }
    },
    checkedAt: monitor.checkedAt,
    refreshAgents: registry.refresh,
    agentsRevision,
    agentsDown: createDownCount({ registry, monitor }),
    agent: (id) => withHealth(registry.get(id)),
    agentToEdit: (id) => ({ agent: registry.get(id), defaultChecks }),
    agentWithRuns: async (id) => ({ agent: registry.get(id), runs: await runs.countOf(id) }),
    async schema(id) {
      const agent = registry.get(id)
      return { agent, ...(await schemas.fetch(agent)) }
    },
    async knownOrCurrentSchema(id) {
      const agent = registry.get(id)
      return { agent, ...((await schemas.recall(agent)) ?? (await schemas.fetch(agent))) }
    },
    knownSchema: async (id) => (await schemas.recall(registry.get(id)))?.text,
    registered: (isWithExpired) => registry.newestFirst().filter(({ isAlive }) => isWithExpired || isAlive),
    registration: (id) => registry.withLife(registry.get(id)),
  }
  const { registerTimeoutMs } = limits
  return {
    ...agents,
    ...createAgentChanges({ registry, health: monitor, schemas, events, clock, registerTimeoutMs }),
    agentPage: createAgentPages({
      agent: agents.agent,
      defaultChecks,
      store: store.health,
      history: store.history,
      incidents,
      runs,
      usual: deps.usual,
      schemas,
      answerOf: monitor.answerOf,
      now: clock.now,
    }),
  }
}
