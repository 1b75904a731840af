/** Chance that can be repeated: the same seed gives the same history. */
export type Random = {
  /** From `low` up to, not including, `high`. */
  between(low: number, high: number): number
  whole(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** One with twice the weight is picked twice as often. */
  weighted<T>(list: readonly T[], weightOf: (one: T) => number): T
  bytes(count: number): Uint8Array
}

/** A generator of the mulberry32 kind. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number) => low + next() * (high - low)
  const whole = (low: number, high: number) => Math.floor(between(low, high))
  function weighted<T>(list: readonly T[], weightOf: (one: T) => number): T {
    const ends: number[] = []
    for (const one of list) ends.push((ends.at(-1) ?? 0) + weightOf(one))
    const point = between(0, ends.at(-1) ?? 0)
    return list[ends.findIndex((end) => point < end)]!
  }
  return {
    between,
    whole,
    chance: (probability) => next() < probability,
    pick: (list) => list[whole(0, list.length)]!,
    weighted,
    bytes: (count) => Uint8Array.from({ length: count }, () => whole(0, 256)),
  }
}
