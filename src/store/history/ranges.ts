import { dayMs } from '../../shared/time/durations.ts'

/** Of seqs, low < seq < high; of milliseconds, low <= ms < high. */
export type Range = { low: number; high: number }

const seqsPerMs = 4096
/** Runs whose start cannot be read come before. */
const firstSeq = seqsPerMs
/** All runs that are dated after 2039 have this; see sqlite/sql/triggers.ts. */
const lastMoment = 2_199_022_206_976 * seqsPerMs
export const everywhere: Range = { low: -1, high: Number.MAX_SAFE_INTEGER }

/** The seqs of the runs that started from `from` on and before `to`, in milliseconds. */
export function rangeOf({ from, to }: { from?: number | undefined; to?: number | undefined }): Range {
  if (from === undefined && to === undefined) return everywhere
  const low = Math.min(lastMoment, Math.max(firstSeq, Math.ceil(from ?? 0) * seqsPerMs)) - 1
  const high = to === undefined ? everywhere.high : Math.min(everywhere.high, Math.ceil(to) * seqsPerMs)
  return { low, high }
}

export const msOf = (seq: number): number => Math.floor(seq / seqsPerMs)
/** NaN where the start cannot be read. */
export const startOf = (seq: number): number => (seq < firstSeq ? Number.NaN : msOf(seq))
/** Times may be between two milliseconds, where they were measured. */
export const seqAt = (ms: number): number => Math.floor(ms * seqsPerMs)

/** How old the runs before this one are nobody knows: their start cannot be read. */
export const firstDatedSeq = seqAt(dayMs)

/** Milliseconds: low <= started < high. Undefined for any start. */
export function timesOf({ range }: { range: Range }): Range | undefined {
  return range === everywhere ? undefined : { low: msOf(range.low + 1), high: msOf(range.high) }
}

/** What of ranges is in whole units, and what is left at their ends. */
export function parted(ranges: Range[], ms: number): { whole: Range[]; rest: Range[] } {
  const parts = ranges.map((range) => {
    const [low, high] = [Math.ceil(range.low / ms) * ms, Math.floor(range.high / ms) * ms]
    if (low >= high) return { whole: [], rest: [range] }
    return {
      whole: [{ low, high }],
      rest: [
        { low: range.low, high: low },
        { low: high, high: range.high },
      ],
    }
  })
  return {
    whole: parts.flatMap(({ whole }) => whole),
    rest: parts.flatMap(({ rest }) => rest).filter(({ low, high }) => low < high),
  }
}
