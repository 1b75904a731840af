import type { Agent } from '../registry/agent.ts'
import { type Belief, failuresUntilDown, isFlapping, type Sign } from './belief.ts'
import type { DayCount } from './day-count.ts'

export type Check = { at: number; outcome: Sign['outcome']; latencyMs: number | null; reason: string | null }

/**
 * `reason` is a phrase, `misses` are failed checks in a row that do not make it down yet, `uptime` is that of 24 hours
 * (0 to 1), checks come oldest first.
 */
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
  uptime: number | undefined
  checks: Check[]
}

type Known = {
  belief: Belief
  checks: Check[]
  dayCount: Pick<DayCount, 'uptime'>
  runs: number
  isWorking: boolean
  isExpired: boolean
}

export function shownHealth(agent: Agent, known: Known, { now, elapsed }: { now: number; elapsed: number }): Health {
  const { belief, checks, dayCount, runs } = known
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
    uptime: dayCount.uptime(now),
    checks,
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
