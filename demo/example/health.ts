import { resolutions } from '../../src/store/health/resolutions.ts'
import type { healthChecks, healthIncidents, healthRollups } from '../../src/store/sqlite/sql/schema/health.ts'
import type { DemoAgent } from '../fleet/agents.ts'
import type { Random } from '../random.ts'
import { outagesOf } from './outages.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const checkEveryMs = 10 * secondMs
/** Charts of a day have a point for each five minutes. */
const sparseMs = 5 * minuteMs

type CheckRow = typeof healthChecks.$inferInsert
type RollupRow = typeof healthRollups.$inferInsert

export type ExampleHealth = {
  checks: CheckRow[]
  rollups: RollupRow[]
  incidents: (typeof healthIncidents.$inferInsert)[]
}

/**
 * What the health checks of an agent found until `until`: the last hour by the minute, the day by five minutes, the last
 * `hoursMs` by the hour.
 */
export function exampleHealth(agent: DemoAgent, until: number, hoursMs: number, random: Random): ExampleHealth {
  const { id: agentId, latencyMs: usualMs, condition } = agent
  const begun = until - agent.registeredDaysAgo * dayMs
  const outages = outagesOf(agent, begun, until, random)
  const pausedAt = condition.kind === 'paused' ? until - condition.forMs : until
  const degradedAt = condition.kind === 'degraded' ? until - condition.forMs : until

  const outageAt = (at: number) => outages.find(({ startedAt, endedAt }) => at >= startedAt && at < (endedAt ?? until))
  const hours = Array.from({ length: 24 }, () => random.between(0.85, random.chance(0.12) ? 1.9 : 1.2))
  const hourOf = (at: number) => Math.floor((until - at) / hourMs) % hours.length
  const latency = (at: number) => usualMs * hours[hourOf(at)]! * random.between(0.85, 1.2)

  function downMs(from: number, to: number): number {
    const parts = outages.map((one) => Math.min(one.endedAt ?? until, to) - Math.max(one.startedAt, from))
    return parts.reduce((sum, part) => sum + Math.max(0, part), 0)
  }

  function rollup(resolutionSeconds: number, at: number, lengthMs: number): RollupRow {
    const [from, to] = [Math.max(at, begun), Math.min(at + lengthMs, pausedAt)]
    const down = Math.round(downMs(from, to) / checkEveryMs)
    const up = Math.max(0, Math.round((to - from) / checkEveryMs) - down)
    const mean = latency(at)
    return {
      agentId,
      resolutionSeconds,
      at,
      up,
      down,
      degraded: Math.round(up * share(degradedAt, from, to)),
      answered: up,
      latencySum: rounded(up * mean),
      latencyMin: up === 0 ? null : rounded(mean * random.between(0.6, 0.8)),
      latencyMax: up === 0 ? null : rounded(mean * random.between(1.2, random.chance(0.1) ? 3 : 1.6)),
    }
  }

  function rollups(resolutionSeconds: number, from: number, to: number, stepMs = resolutionSeconds * secondMs) {
    const first = Math.floor(Math.max(from, begun) / stepMs) * stepMs
    const length = Math.max(0, Math.ceil((Math.min(to, pausedAt) - first) / stepMs))
    return Array.from({ length }, (_, index) => rollup(resolutionSeconds, first + index * stepMs, stepMs))
  }

  function check(at: number): CheckRow {
    const outage = outageAt(at)
    if (outage) return { agentId, at, outcome: 'down', latencyMs: null, reason: outage.reason }
    const answered = { agentId, at, latencyMs: rounded(latency(at)) }
    if (at < degradedAt || condition.kind !== 'degraded') return { ...answered, outcome: 'up', reason: null }
    return { ...answered, outcome: 'degraded', reason: `reports "${condition.reason}"` }
  }

  const times = Array.from({ length: 62 }, (_, index) => until - (62 - index) * minuteMs)
  const { minute, hour, day } = resolutions
  const lastHour = Math.floor((until - hourMs) / sparseMs) * sparseMs
  return {
    checks: times.filter((at) => at < pausedAt).map(check),
    rollups: [
      ...rollups(minute.seconds, until - dayMs, lastHour, sparseMs),
      ...rollups(minute.seconds, lastHour, until),
      ...rollups(hour.seconds, until - hoursMs, until),
      ...rollups(day.seconds, begun, until),
    ],
    incidents: outages.map((outage) => ({ agentId, ...outage })),
  }
}

/** The part of a range after `at`. */
const share = (at: number, from: number, to: number) => Math.min(1, Math.max(0, (to - at) / Math.max(1, to - from)))

const rounded = (ms: number) => Math.round(ms * 10) / 10
