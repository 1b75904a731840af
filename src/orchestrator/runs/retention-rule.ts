import type { Config } from '../../config.ts'
import { dayMs } from '../../shared/durations.ts'

/** For how long runs are kept, as the settings say it; 0 means for ever. */
export type RetentionRule = Pick<Config, 'keepDays' | 'keepRuns' | 'keepFailedDays'>

/**
 * The runs that are too old at `now`: those of each status that started before a moment. The newest `keepRuns` are kept
 * all the same. A status that is not named is kept for ever: such a run has not ended, or nobody knows whether it has.
 */
export function tooOld({ keepDays, keepRuns, keepFailedDays }: RetentionRule, now: number) {
  if (keepRuns === 0) return []
  const before = (days: number, ...statuses: string[]) =>
    days === 0 ? [] : statuses.map((status) => ({ status, startedBefore: now - days * dayMs }))
  return [...before(keepDays, 'completed', 'cancelled'), ...before(keepFailedDays, 'failed', 'lost')]
}
