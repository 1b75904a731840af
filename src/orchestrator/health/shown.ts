import type { Agent } from '../registry/agent.ts'
import { type Belief, failuresUntilDown, isFlapping, type Sign } from './belief.ts'
import type { DayCount } from './records/day-count.ts'
import type { HourOfChecks, LastHour } from './records/last-hour.ts'

export type Check = { at: number; outcome: Sign['outcome']; latencyMs: number | null; reason: string | null }

/** `reason` is a phrase, `misses` are failed checks in a row that do not make it down yet, `uptime` is that of 24 hours
 * (0 to 1), checks come oldest first. `latencies` are hourly means of 24 hours, undefined where none is known. */
export type Health = {
  state: 'unknown' | 'healthy' | 'degraded' | 'busy' | 'down' | 'paused' | 'expired'
  reason: string | undefined
  since: number
  seenAt: number | undefined
  misses: number
  missesUntilDown: number
  isFlapping: boolean
  runs: number
  latencyMs: number | undefined
  latencies: (number | undefined)[]
  uptime: number | undefined
  lastHour: HourOfChecks
  checks: Check[]
}

type Known = {
  belief: Belief
  checks: Check[]
  lastHour: Pick<LastHour, 'slots'>
  dayCount: Pick<DayCount, 'uptime' | 'latencies'>
  runs: number
  isWorking: boolean
  isExpired: boolean
}

/** Of the time from one check to the next, which varies. */
const validShare = 1.2

export function shownHealth(
  agent: Agent,
  known: Known,
  at: { now: number; elapsed: number; intervalMs: number },
): Health {
  const { now, elapsed, intervalMs } = at
  const { belief, checks, lastHour, dayCount, runs } = known
  const { checkIntervalSeconds: own } = agent
  const last = checks.at(-1)
  const isAnswered = last !== undefined && last.outcome !== 'down' && last.latencyMs !== null
  return {
    ...stateOf(agent, known),
    seenAt: belief.lastGoodAt,
    misses: belief.verdict === 'down' ? 0 : belief.failures,
    missesUntilDown: failuresUntilDown,
    isFlapping: isFlapping(belief, elapsed),
    runs,
    latencyMs: isAnswered ? (last.latencyMs ?? undefined) : undefined,
    checks,
    // Only for those that are shown: of a thousand agents, others are asked for their state alone.
    get uptime() {
      return dayCount.uptime(now)
    },
    get latencies() {
      return dayCount.latencies(now)
    },
    get lastHour() {
      return lastHour.slots(now, (own === undefined ? intervalMs : own * 1000) * validShare)
    },
  }
}

function stateOf(agent: Agent, { belief, isWorking, isExpired }: Known): Pick<Health, 'state' | 'reason' | 'since'> {
  const { verdict, since, failures, lastFailure } = belief
  if (agent.pausedAt !== undefined) return { state: 'paused', reason: undefined, since: agent.pausedAt }
  if (isExpired) {
    const expiredAt = agent.lastHeartbeatAt + agent.ttlSeconds * 1000
    return { state: 'expired', reason: `no heartbeat within ${agent.ttlSeconds} s`, since: expiredAt }
  }
  if (verdict === 'healthy' && belief.reportsBusy) return { state: 'busy', reason: belief.reason, since }
  if (belief.isBusy && verdict !== 'down' && isWorking) return { state: 'busy', reason: undefined, since }
  return { state: verdict, reason: failures > 0 && verdict !== 'down' ? lastFailure : belief.reason, since }
}
