import type { HealthStore } from '../../store/ports/health.ts'
import type { Downtime, Incident, Incidents } from '../health/incidents.ts'
import type { LastAnswer } from '../health/last-answer.ts'
import { type Latency, latencyOf, type Range } from '../health/latency.ts'
import type { Health } from '../health/shown.ts'
import { maxUptimeMs, type Uptime, uptimeOf } from '../health/uptime.ts'
import type { RunLists } from '../history/list.ts'
import type { Agent } from '../registry/agent.ts'
import type { AgentSchema, Schemas } from '../registry/schemas.ts'
import type { ListedRun } from '../runs/runs.ts'

export type AgentQuery = { range: Range; incidents: number }

export type AgentPage = {
  query: AgentQuery
  agent: Agent & { health: Health }
  checks: Checks
  defaultChecks: Checks
  uptime: Uptime
  latency: Latency
  downtimes: Downtime[]
  incidents: Incident[]
  hasMoreIncidents: boolean
  runs: ListedRun[]
  allRuns: number
  /** Undefined when the agent was never asked for it. */
  schema: AgentSchema | undefined
  /** Undefined before the first check since the program started. */
  lastAnswer: LastAnswer | undefined
}

export type Checks = { intervalMs: number; timeoutMs: number }

const latestRuns = 5

/** Throws NotFoundError. */
export type AgentPages = (id: string, query: AgentQuery) => Promise<AgentPage>

export function createAgentPages(deps: {
  agent: (id: string) => Agent & { health: Health }
  defaultChecks: Checks
  store: Pick<HealthStore, 'rollups'>
  incidents: Incidents
  runs: Pick<RunLists, 'latestOf' | 'countOf'>
  schemas: Pick<Schemas, 'recall'>
  answerOf: (id: string) => LastAnswer | undefined
  now: () => number
}): AgentPages {
  const { store, incidents, runs, schemas, answerOf, defaultChecks } = deps

  return async (id, query) => {
    const agent = deps.agent(id)
    const now = deps.now()
    const checks = checksOf(agent, defaultChecks)
    const latency = await latencyOf(store, id, query.range, now)
    const { incidents: shown, hasMore } = await incidents.list(id, checks.intervalMs, query.incidents)
    const hours = await store.rollups(id, 'hour', now - maxUptimeMs)
    return {
      query,
      agent,
      checks,
      defaultChecks,
      uptime: uptimeOf(hours, now, agent.registeredAt),
      latency,
      downtimes: await incidents.downtimes(id, latency.from),
      incidents: shown,
      hasMoreIncidents: hasMore,
      runs: await runs.latestOf(id, latestRuns),
      allRuns: await runs.countOf(id),
      schema: await schemas.recall(agent),
      lastAnswer: answerOf(id),
    }
  }
}

function checksOf({ checkIntervalSeconds, checkTimeoutSeconds }: Agent, defaults: Checks): Checks {
  return {
    intervalMs: checkIntervalSeconds === undefined ? defaults.intervalMs : checkIntervalSeconds * 1000,
    timeoutMs: checkTimeoutSeconds === undefined ? defaults.timeoutMs : checkTimeoutSeconds * 1000,
  }
}
