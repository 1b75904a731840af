import type { SumsAt } from './adding.ts'
import { msOf } from './ranges.ts'

export type SampledRun = {
  seq: number
  status: string
  duration: number | null
  tokens: number | null
  cost: number | null
}

/** The newest runs of a selection, newest first; all of them where it is whole. */
export type RunSample = { runs: SampledRun[]; isWhole: boolean }

export function singly(runs: SampledRun[]): SumsAt[] {
  const ofStatus = new Map<string, Map<string, number>>()
  return runs.map(({ seq, status, tokens, cost }) => {
    const byStatus = ofStatus.get(status) ?? new Map([[status, 1]])
    ofStatus.set(status, byStatus)
    return { at: msOf(seq), byStatus, tokens: tokens ?? 0, cost: cost ?? 0 }
  })
}
