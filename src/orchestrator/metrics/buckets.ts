import type { Sample } from './family.ts'

type Observed = { counts: number[]; sum: number; count: number }

/** Durations in buckets, by one label. */
export type Buckets = {
  add(value: string, seconds: number | null): void
  samples(): Sample[]
}

/** `bounds` in seconds, rising. `initial` values of the label are there from the start. */
export function createBuckets(label: string, bounds: number[], initial: readonly string[]): Buckets {
  const none = (): Observed => ({ counts: bounds.map(() => 0), sum: 0, count: 0 })
  const all = new Map(initial.map((value) => [value, none()]))

  function samplesOf([value, { counts, sum, count }]: [string, Observed]): Sample[] {
    const labels = { [label]: value }
    let below = 0
    const buckets = bounds.map((bound, at) => {
      below += counts[at]!
      return { suffix: '_bucket', labels: { ...labels, le: String(bound) }, value: below }
    })
    return [
      ...buckets,
      { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
      { suffix: '_sum', labels, value: sum },
      { suffix: '_count', labels, value: count },
    ]
  }

  return {
    add(value, seconds) {
      if (seconds === null || !(seconds >= 0) || !Number.isFinite(seconds)) return
      const observed = all.get(value) ?? none()
      all.set(value, observed)
      const bucket = bounds.findIndex((bound) => seconds <= bound)
      if (bucket !== -1) observed.counts[bucket]!++
      observed.sum += seconds
      observed.count++
    },

    samples: () => [...all].flatMap(samplesOf),
  }
}
