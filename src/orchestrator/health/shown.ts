import type { Agent } from '../registry/agent.ts'
import { type Belief, type Finding, failuresUntilDown, isFlapping } from './belief.ts'
import type { createDayCount } from './day-count.ts'

export type Check = { at: number; outcome: Finding['outcome']; latencyMs: number | null; reason: string | null }

/**
 * What is known of an agent's health. `reason` is a phrase; `since` is when the state began, `seenAt` when the agent
 * last gave a good answer. `misses` counts failed checks that have not made it down yet.
 */
export type Health = {
  state: 'unknown' | 'healthy' | 'degraded' | 'busy' | 'down' | 'paused' | 'expired'
  reason: string | undefined
  since: number
  seenAt: number | undefined
  misses: number
  /** How many misses make it down. */
  missesUntilDown: number
  isFlapping: boolean
  /** Runs of ours that the agent works on. */
  runs: number
  /** Of the last check, when that was answered. */
  latencyMs: number | undefined
  /** The share of good checks within the last 24 hours, 0 to 1. */
  uptime: number | undefined
  /** The last ones, oldest first. */
  checks: Check[]
}

type Known = {
  belief: Belief
  checks: Check[]
  day: Pick<ReturnType<typeof createDayCount>, 'uptime'>
  runs: number
  /** Whether the agent may be kept from answering by work for us. */
  isWorking: boolean
  /** It registered itself, and has stopped beating, whatever else it answers. */
  isExpired: boolean
}

/** The health of an agent as it is shown at `now`. */
export function shownHealth(agent: Agent, known: Known, { now, elapsed }: { now: number; elapsed: number }): Health {
  const { belief, checks, day, runs } = known
  const last = checks.at(-1)
  const isAnswered = last !== undefined && last.outcome !== 'down' && last.latencyMs !== null
  return {
    ...stateOf(agent, known),
    seenAt: belief.seenAt,
    misses: belief.verdict === 'down' ? 0 : belief.failures,
    missesUntilDown: failuresUntilDown,
    isFlapping: isFlapping(belief, elapsed),
    runs,
    latencyMs: isAnswered ? (last.latencyMs ?? undefined) : undefined,
    uptime: day.uptime(now),
    checks,
  }
}

function stateOf(agent: Agent, { belief, isWorking, isExpired }: Known): Pick<Health, 'state' | 'reason' | 'since'> {
  const { verdict, since, failures, failure } = belief
  if (agent.pausedAt !== undefined) return { state: 'paused', reason: undefined, since: agent.pausedAt }
  if (isExpired) {
    const expiredAt = agent.lastHeartbeatAt + agent.ttlSeconds * 1000
    return { state: 'expired', reason: `no heartbeat within ${agent.ttlSeconds} s`, since: expiredAt }
  }
  if (verdict === 'healthy' && belief.reportsBusy) return { state: 'busy', reason: belief.reason, since }
  if (belief.isBusy && verdict !== 'down' && isWorking) return { state: 'busy', reason: undefined, since }
  return { state: verdict, reason: failures > 0 && verdict !== 'down' ? failure : belief.reason, since }
}
