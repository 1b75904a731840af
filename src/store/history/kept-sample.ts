import type { KeptRuns } from './kept-runs.ts'
import type { RunCursor } from './positions.ts'
import { everywhere, type Range } from './ranges.ts'
import type { RunSample, SampledRun } from './sample.ts'

export type KeptSample = {
  soFar(): RunSample
  /** Whether there may be more, and not yet as many as a sample has. */
  canGrow(): boolean
  kept(): KeptRuns<SampledRun>
}

export function createKeptSample() {
  // One more than are told of: so the next sample knows of it too.
  let found: SampledRun[] = []
  let max = 0
  let { low, high } = everywhere
  let to = high
  let isWhole = false
  let full: SampledRun[] | undefined

  return {
    soFar: (): RunSample => ({ runs: full ?? found, isWhole }),
    canGrow: () => !isWhole && !full,
    kept: (): KeptRuns<SampledRun> => ({ rows: [...found], to }),
    missing: () => max + 1 - found.length,

    /** What was read before it failed may lack runs. */
    beginAgain(): void {
      found = []
      full = undefined
      to = high
    },

    begin(range: Range, most: number): void {
      high = range.high
      low = range.low
      to = range.high
      max = most
    },

    add({ rows, to: reached }: { rows: SampledRun[]; to: RunCursor | undefined }): void {
      for (const row of rows) found.push(row)
      to = reached?.seq ?? low + 1
      if (found.length <= max) return
      found.length = max + 1
      to = found[max]!.seq
      full = found.slice(0, max)
    },

    end(): void {
      isWhole = true
      to = low + 1
    },
  }
}
