import { resolutions } from '../../src/store/sqlite/health/resolutions.ts'
import type { healthChecks, healthIncidents, healthRollups } from '../../src/store/sqlite/sql/schema/health.ts'
import type { ExampleAgent } from './agents.ts'
import type { Random } from './random.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const checkEveryMs = 10 * secondMs
const shownChecks = 30
const refused = 'connection refused'

type CheckRow = typeof healthChecks.$inferInsert
type RollupRow = typeof healthRollups.$inferInsert

export type ExampleHealth = {
  checks: CheckRow[]
  rollups: RollupRow[]
  incidents: (typeof healthIncidents.$inferInsert)[]
}

/** What the health checks of an agent found until `until`, as far as that is kept. */
export function exampleHealth(agent: ExampleAgent, until: number, random: Random): ExampleHealth {
  const { agentId, registeredDaysAgo, goneDaysAgo } = agent
  const begun = until - registeredDaysAgo * dayMs
  const gone = goneDaysAgo === undefined ? undefined : until - goneDaysAgo * dayMs
  const outages = outagesOf(begun, gone, until, random)
  const usualMs = random.between(12, 72)

  const isDown = (at: number) => outages.some(({ startedAt, endedAt }) => at >= startedAt && at < (endedAt ?? until))
  const latency = (at: number) => usualMs * (1 + 0.5 * Math.sin((at / dayMs) * 2 * Math.PI)) * random.between(0.8, 1.4)

  function rollup(resolutionSeconds: number, at: number): RollupRow {
    const steps = 12
    const stepMs = (resolutionSeconds * secondMs) / steps
    const times = Array.from({ length: steps }, (_, step) => at + step * stepMs)
    const watched = times.filter((time) => time >= begun && time < until)
    const perStep = Math.max(0.5, stepMs / checkEveryMs)
    const up = watched.filter((time) => !isDown(time)).length
    const latencies = Array.from({ length: up }, () => latency(at))
    const answered = Math.round(up * perStep)
    return {
      agentId,
      resolutionSeconds,
      at,
      up: answered,
      down: Math.round((watched.length - up) * perStep),
      answered,
      latencySum: answered * (latencies.reduce((sum, ms) => sum + ms, 0) / Math.max(1, up)),
      latencyMin: up === 0 ? null : Math.min(...latencies) * 0.7,
      latencyMax: up === 0 ? null : Math.max(...latencies) * random.between(1.2, 2.2),
    }
  }

  function rollups(resolutionSeconds: number, from: number): RollupRow[] {
    const step = resolutionSeconds * secondMs
    const first = Math.floor(Math.max(from, begun) / step) * step
    return Array.from({ length: Math.ceil((until - first) / step) }, (_, index) =>
      rollup(resolutionSeconds, first + index * step),
    )
  }

  const checks = Array.from({ length: shownChecks }, (_, index): CheckRow => {
    const at = until - (shownChecks - index) * checkEveryMs
    return isDown(at)
      ? { agentId, at, outcome: 'down', latencyMs: null, reason: refused }
      : { agentId, at, outcome: 'up', latencyMs: latency(at), reason: null }
  })
  return {
    checks,
    rollups: [
      ...rollups(resolutions.minute.seconds, until - 6 * hourMs),
      ...rollups(resolutions.hour.seconds, until - 30 * dayMs),
      ...rollups(resolutions.day.seconds, begun),
    ],
    incidents: outages.map((outage) => ({ agentId, ...outage })),
  }
}

/** Now and then for some minutes; and for good, where the agent is gone. */
function outagesOf(begun: number, gone: number | undefined, until: number, random: Random) {
  const end = gone ?? until
  const outages: { startedAt: number; endedAt: number | null; reason: string }[] = []
  for (let at = begun + random.between(1, 5) * dayMs; at < end - dayMs; at += random.between(1, 6) * dayMs) {
    const reason = random.chance(0.6) ? refused : 'no answer within 3 s'
    const startedAt = Math.round(at)
    outages.push({ startedAt, endedAt: Math.round(startedAt + random.between(2, 42) * minuteMs), reason })
  }
  if (gone !== undefined) outages.push({ startedAt: Math.round(gone), endedAt: null, reason: refused })
  return outages
}
