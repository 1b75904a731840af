import type { Labels, Sample } from './family.ts'

/** Counts that only grow, by the values of fixed labels. */
export type Tally = {
  add(values: string[], by?: number): void
  drop(isDropped: (values: string[]) => boolean): void
  samples(): Sample[]
}

/** `initial` are counted as 0 from the start, so that the first one shows as an increase. */
export function createTally(labels: string[], initial: string[][] = []): Tally {
  const counts = new Map<string, { values: string[]; count: number }>()
  const entryOf = (values: string[]) => {
    const key = JSON.stringify(values)
    const entry = counts.get(key) ?? { values, count: 0 }
    counts.set(key, entry)
    return entry
  }
  const labelsOf = (values: string[]): Labels => Object.fromEntries(labels.map((label, at) => [label, values[at]!]))
  for (const values of initial) entryOf(values)

  return {
    // What agents and other programs say may be negative or no number: a counter never falls.
    add(values, by = 1) {
      if (by > 0 && Number.isFinite(by)) entryOf(values).count += by
    },

    drop(isDropped) {
      for (const [key, { values }] of counts) if (isDropped(values)) counts.delete(key)
    },

    samples: () => [...counts.values()].map(({ values, count }) => ({ labels: labelsOf(values), value: count })),
  }
}
