import type { Config } from '../../config.ts'
import { dayMs } from '../../shared/time/durations.ts'

/** 0 means forever. */
export type RetentionRule = Pick<Config, 'keepDays' | 'keepRuns' | 'keepFailedDays'>

/** Other statuses are kept forever: such a run may not have ended. The newest `keepRuns` are kept as well. */
export function tooOld({ keepDays, keepRuns, keepFailedDays }: RetentionRule, now: number) {
  if (keepRuns === 0) return []
  const before = (days: number, ...statuses: string[]) =>
    days === 0 ? [] : statuses.map((status) => ({ status, startedBefore: now - days * dayMs }))
  return [...before(keepDays, 'completed', 'cancelled'), ...before(keepFailedDays, 'failed', 'lost')]
}
