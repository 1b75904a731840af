import type { SQL } from 'drizzle-orm'
import { dayMs } from '../../../shared/durations.ts'
import { sql } from '../sql/drizzle.ts'

/** Places: low < seq < high. */
export type Span = { low: number; high: number }

const placesPerMs = 4096
/** Runs whose start cannot be read come before. */
const firstPlace = placesPerMs
/** Here stand all runs that are dated after 2039; see sql/triggers.ts. */
const lastMoment = 2_199_022_206_976 * placesPerMs
export const everywhere: Span = { low: -1, high: Number.MAX_SAFE_INTEGER }

/** The places of the runs that started from `from` on and before `to`, in milliseconds. */
export function spanOf({ from, to }: { from?: number | undefined; to?: number | undefined }): Span {
  if (from === undefined && to === undefined) return everywhere
  const low = Math.min(lastMoment, Math.max(firstPlace, Math.ceil(from ?? 0) * placesPerMs)) - 1
  const high = to === undefined ? everywhere.high : Math.min(everywhere.high, Math.ceil(to) * placesPerMs)
  return { low, high }
}

export const msOf = (place: number): number => Math.floor(place / placesPerMs)
/** When the run at a place started; NaN where that cannot be read. */
export const startOf = (place: number): number => (place < firstPlace ? Number.NaN : msOf(place))
/** The first place of a millisecond. */
export const seqAt = (ms: number): number => ms * placesPerMs

export const listed = (values: string[]): SQL =>
  sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )

/** How old the runs before this one are nobody knows: their start cannot be read. */
export const firstDatedSeq = seqAt(dayMs)
