import { dayMs } from '../../shared/time/durations.ts'
import type { Zone } from '../../shared/time/zone.ts'
import type { HealthStore } from '../../store/ports/health.ts'
import type { HistoryStore } from '../../store/ports/history.ts'
import type { LastAnswer } from '../health/last-answer.ts'
import type { Downtime, Incident, Incidents } from '../health/records/incidents.ts'
import { type Latency, latencyOf, type Range } from '../health/records/latency.ts'
import { knownHoursMs, type Uptime, uptimeDays, uptimeOf } from '../health/records/uptime.ts'
import type { Health } from '../health/shown.ts'
import type { RunLists } from '../history/list.ts'
import { weekAt } from '../history/sums/week.ts'
import { type WeekCosts, weekCosts } from '../history/sums/week-costs.ts'
import type { Agent } from '../registry/agent.ts'
import type { AgentSchema, Schemas } from '../registry/schemas.ts'
import { type RunWithUsual, type UsualRuns, withUsual } from '../runs/usual.ts'

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
  runs: RunWithUsual[]
  allRuns: number
  costs: WeekCosts
  schema: AgentSchema | undefined
  /** Undefined before the first check since the program started. */
  lastAnswer: LastAnswer | undefined
}

export type Checks = { intervalMs: number; timeoutMs: number }

const latestRuns = 5

/** With the days of a zone. Throws NotFoundError. */
export type AgentPages = (id: string, query: AgentQuery, zone: Zone) => Promise<AgentPage>

export function createAgentPages(deps: {
  agent: (id: string) => Agent & { health: Health }
  defaultChecks: Checks
  store: Pick<HealthStore, 'rollups'>
  history: Pick<HistoryStore, 'costs'>
  incidents: Incidents
  runs: Pick<RunLists, 'latestOf' | 'countOf'>
  usual: UsualRuns
  schemas: Pick<Schemas, 'recall'>
  answerOf: (id: string) => Promise<LastAnswer | undefined>
  now: () => number
}): AgentPages {
  const { store, history, incidents, runs, schemas, answerOf, defaultChecks } = deps

  async function healthOf(agent: Agent, range: Range, now: number, zone: Zone) {
    const { id, registeredAt } = agent
    const days = Array.from({ length: uptimeDays }, (_, index) => {
      const later = index + 1 - uptimeDays
      return { from: zone.startOfDay(now, later), to: zone.startOfDay(now, later + 1) }
    })
    const record = {
      hours: await store.rollups(id, 'hour', now - knownHoursMs),
      days: await store.rollups(id, 'day', days[0]!.from - dayMs),
      downtimes: await incidents.downtimes(id, days[0]!.from),
    }
    const uptime = uptimeOf(record, days, now, registeredAt)
    const latency = await latencyOf(store, id, range, now, uptime.since)
    const { latest } = range === '1y' ? await incidents.downtimes(id, latency.from) : record.downtimes
    return { uptime, latency, downtimes: latest.filter(({ endedAt = now }) => endedAt > latency.from) }
  }

  return async (id, query, zone) => {
    const agent = deps.agent(id)
    const now = deps.now()
    const checks = checksOf(agent, defaultChecks)
    const { incidents: shown, hasMore } = await incidents.list(id, checks.intervalMs, query.incidents)
    return {
      query,
      agent,
      checks,
      defaultChecks,
      ...(await healthOf(agent, query.range, now, zone)),
      incidents: shown,
      hasMoreIncidents: hasMore,
      runs: await withUsual(await runs.latestOf(id, latestRuns), deps.usual),
      allRuns: await runs.countOf(id),
      costs: await weekCosts(history, weekAt(now, zone), id),
      schema: await schemas.recall(agent),
      lastAnswer: await answerOf(id),
    }
  }
}

function checksOf({ checkIntervalSeconds, checkTimeoutSeconds }: Agent, defaults: Checks): Checks {
  return {
    intervalMs: checkIntervalSeconds === undefined ? defaults.intervalMs : checkIntervalSeconds * 1000,
    timeoutMs: checkTimeoutSeconds === undefined ? defaults.timeoutMs : checkTimeoutSeconds * 1000,
  }
}
