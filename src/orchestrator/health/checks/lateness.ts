import type { Watch } from '../watch.ts'

/** `lateMs`: how long the check that waits longest is overdue. The monitor is late when that is more than a round. */
export type Lateness = { isLate: boolean; lateMs: number; overdue: number }

export function latenessOf(watches: Watch[], elapsed: number, intervalMs: number): Lateness {
  const waits = watches.map(({ dueAt, waitingSince }) => elapsed - Math.min(dueAt, waitingSince))
  const overdue = waits.filter((ms) => ms > 0)
  const lateMs = overdue.reduce((longest, ms) => Math.max(longest, ms), 0)
  return { isLate: lateMs > intervalMs, lateMs, overdue: overdue.length }
}
