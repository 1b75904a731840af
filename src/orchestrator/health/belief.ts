/** What one check of an agent found, or another sign of it. `reason` is a phrase. */
export type Finding = {
  /** "busy" is no answer in time, while it worked on a run of ours. */
  outcome: 'up' | 'degraded' | 'busy' | 'down'
  reason?: string | undefined
  /** It answered that it is busy. */
  reportsBusy?: boolean | undefined
}

/** What is believed of an agent, and what has to be remembered to change that belief. Times are in milliseconds. */
export type Belief = {
  verdict: 'unknown' | 'healthy' | 'degraded' | 'down'
  reason: string | undefined
  /** When the verdict became true: of an agent that is down, the first check that failed. */
  since: number
  /** When the agent last gave a good answer. */
  seenAt: number | undefined
  /** It did not answer in time, while it worked on a run of ours. */
  isBusy: boolean
  /** It answered that it is busy. */
  reportsBusy: boolean
  /** Failed checks in a row, when the first of them was, and why the last one failed. */
  failures: number
  failingSince: number
  failure: string | undefined
  /** Findings in a row that contradict the verdict without having changed it. */
  contrary: number
  /** When the verdict changed, within the time that flapping is told by, and by the clock that does not jump. */
  changes: number[]
}

/** One answer lost is no outage, and one answer is no recovery. */
export const failuresUntilDown = 3
const findingsUntilChanged = 2

const flappingChanges = 5
const flappingMs = 10 * 60_000

export function unknownSince(now: number): Belief {
  return {
    verdict: 'unknown',
    reason: undefined,
    since: now,
    seenAt: undefined,
    isBusy: false,
    reportsBusy: false,
    failures: 0,
    failingSince: now,
    failure: undefined,
    contrary: 0,
    changes: [],
  }
}

/** What is believed of an agent after one more finding. */
export function believe(before: Belief, finding: Finding, now: number, elapsed: number): Belief {
  if (finding.outcome === 'busy') return { ...before, isBusy: true }
  if (finding.outcome === 'down') return afterFailure(before, finding.reason, now, elapsed)
  const verdict = finding.outcome === 'up' ? 'healthy' : 'degraded'
  const reportsBusy = finding.reportsBusy ?? false
  const good = { isBusy: false, failures: 0, failure: undefined, seenAt: now, contrary: 0 }
  const after: Belief = { ...before, ...good, reportsBusy }
  if (before.verdict === verdict) return { ...after, reason: finding.reason }
  const contrary = before.contrary + 1
  const isConfirmed = before.verdict === 'unknown' || contrary >= findingsUntilChanged
  return isConfirmed ? changed(after, verdict, finding.reason, now, elapsed) : { ...after, contrary }
}

function afterFailure(before: Belief, reason: string | undefined, now: number, elapsed: number): Belief {
  const failures = before.failures + 1
  const failingSince = before.failures === 0 ? now : before.failingSince
  const after: Belief = {
    ...before,
    isBusy: false,
    reportsBusy: false,
    failures,
    failingSince,
    failure: reason,
    contrary: 0,
  }
  if (before.verdict === 'down') return { ...after, reason }
  return failures >= failuresUntilDown ? changed(after, 'down', reason, failingSince, elapsed) : after
}

function changed(
  belief: Belief,
  verdict: Belief['verdict'],
  reason: string | undefined,
  since: number,
  elapsed: number,
): Belief {
  const recent = belief.changes.filter((at) => at > elapsed - flappingMs)
  // What was never known has not changed.
  const changes = belief.verdict === 'unknown' ? recent : [...recent, elapsed]
  return { ...belief, verdict, reason, since, contrary: 0, changes }
}

/** Whether the next check should come soon, because the last one contradicts what is believed. */
export function isInDoubt({ verdict, failures, contrary }: Belief): boolean {
  return (failures > 0 && verdict !== 'down') || contrary > 0
}

export function isFlapping({ changes }: Belief, elapsed: number): boolean {
  return changes.filter((at) => at > elapsed - flappingMs).length >= flappingChanges
}
