import type { Range } from './ranges.ts'

/** Since an older change than so many, anything may have changed. */
const maxKnown = 20_000
/** Runs that lie between two of them are read with them. */
const maxRanges = 4

/** Where runs have changed, come or gone: what was read elsewhere still holds. */
export type ChangedRuns = {
  version(): number
  changed(seq: number): void
  /** Nobody knows what has changed. */
  missed(): void
  /** The places of all that have changed since a version; undefined where nobody knows. */
  placesSince(version: number): number[] | undefined
  /** What holds all runs that have changed since a version, newest first; undefined where nobody knows. */
  since(version: number): Range[] | undefined
}

/** `others` moves when other programs may have changed something. */
export function createChangedRuns(others: () => unknown = () => undefined): ChangedRuns {
  let seqs: number[] = []
  let first = 0
  let heard = others()

  function version(): number {
    const now = others()
    if (now !== heard) missed()
    heard = now
    return first + seqs.length
  }

  function placesSince(before: number): number[] | undefined {
    return version() >= before && before >= first ? seqs.slice(before - first) : undefined
  }

  function missed(): void {
    first += seqs.length + 1
    seqs = []
  }

  return {
    version,
    missed,

    changed(seq) {
      seqs.push(seq)
      if (seqs.length < 2 * maxKnown) return
      seqs = seqs.slice(maxKnown)
      first += maxKnown
    },

    placesSince,

    since(before) {
      const places = placesSince(before)
      return places && partedAtWidestGaps(places)
    },
  }
}

function partedAtWidestGaps(seqs: number[]): Range[] {
  const sorted = [...new Set(seqs)].sort((a, b) => b - a)
  const gaps = sorted.slice(1).map((seq, index) => ({ after: index + 1, width: sorted[index]! - seq }))
  const widest = gaps.sort((a, b) => b.width - a.width).slice(0, maxRanges - 1)
  const starts = [0, ...widest.map(({ after }) => after).sort((a, b) => a - b)]
  return sorted.length === 0
    ? []
    : starts.map((start, index) => ({
        low: sorted[(starts[index + 1] ?? sorted.length) - 1]! - 1,
        high: sorted[start]! + 1,
      }))
}
