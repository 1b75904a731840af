/** `reason` is a phrase; "busy": no answer in time while it worked on one of our runs. */
export type Sign = {
  outcome: 'up' | 'degraded' | 'busy' | 'down'
  reason?: string | undefined
  reportsBusy?: boolean | undefined
}

export type Belief = {
  verdict: 'unknown' | 'healthy' | 'degraded' | 'down'
  reason: string | undefined
  /** For "down", the first check that failed. */
  since: number
  lastGoodAt: number | undefined
  /** By the record of an earlier start, until something is known. */
  degradedSince?: number | undefined
  isBusy: boolean
  reportsBusy: boolean
  failures: number
  failingSince: number
  lastFailure: string | undefined
  /** In a row, without having changed the verdict. */
  contrary: number
  /** When the verdict changed lately, by `elapsed`. */
  changedAt: number[]
}

/** One lost answer is no outage, and one answer is no recovery. */
export const failuresUntilDown = 3
const signsUntilChanged = 2

const flappingChanges = 5
const flappingMs = 10 * 60_000

export function unknownSince(now: number): Belief {
  return {
    verdict: 'unknown',
    reason: undefined,
    since: now,
    lastGoodAt: undefined,
    isBusy: false,
    reportsBusy: false,
    failures: 0,
    failingSince: now,
    lastFailure: undefined,
    contrary: 0,
    changedAt: [],
  }
}

export function believe(before: Belief, sign: Sign, now: number, elapsed: number): Belief {
  if (sign.outcome === 'busy') return { ...before, isBusy: true }
  if (sign.outcome === 'down') return afterFailure(before, sign.reason, now, elapsed)
  const verdict = sign.outcome === 'up' ? 'healthy' : 'degraded'
  const reportsBusy = sign.reportsBusy ?? false
  const good = { isBusy: false, failures: 0, lastFailure: undefined, lastGoodAt: now, contrary: 0 }
  const after: Belief = { ...before, ...good, reportsBusy }
  if (before.verdict === verdict) return { ...after, reason: sign.reason }
  const contrary = before.contrary + 1
  const isConfirmed = before.verdict === 'unknown' || contrary >= signsUntilChanged
  const begunAt = before.verdict === 'unknown' && verdict === 'degraded' ? before.degradedSince : undefined
  return isConfirmed ? changed(after, verdict, sign.reason, begunAt ?? now, elapsed) : { ...after, contrary }
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
    lastFailure: reason,
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
  const recent = belief.changedAt.filter((at) => at > elapsed - flappingMs)
  const changedAt = belief.verdict === 'unknown' ? recent : [...recent, elapsed]
  return { ...belief, verdict, reason, since, contrary: 0, changedAt }
}

export function isInDoubt({ verdict, failures, contrary }: Belief): boolean {
  return (failures > 0 && verdict !== 'down') || contrary > 0
}

export function isFlapping({ changedAt }: Belief, elapsed: number): boolean {
  return changedAt.filter((at) => at > elapsed - flappingMs).length >= flappingChanges
}
