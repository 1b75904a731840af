import type { Range } from '../../../history/ranges.ts'

/** The limits of a step: its cost; rows to find the best path, to be sorted, to be held. */
export type Steps = { cost: number; probed: number; sorted: number; held: number }
export const usualSteps: Steps = { cost: 4000, probed: 1000, sorted: 4000, held: 10_000 }

export function upTo(seq: number, { low, high }: Range, isDescending: boolean): Range {
  return isDescending ? { low: seq - 1, high } : { low, high: seq + 1 }
}
