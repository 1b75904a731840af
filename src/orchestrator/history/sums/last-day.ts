import { dayMs, hourMs } from '../../../shared/time/durations.ts'
import type { TimeRange } from '../../../store/ports/run-figures.ts'

/** The last 24 hours, the current one included: whole hours are summed up already. */
export function lastDayAt(now: number): TimeRange {
  const to = startOfHour(now) + hourMs
  return { from: to - dayMs, to }
}

export function startOfHour(at: number): number {
  return Math.floor(at / hourMs) * hourMs
}
