import type { SumsAt } from './adding.ts'
import { quantile } from './quantile.ts'
import { msOf } from './ranges.ts'

export type SampledRun = {
  seq: number
  status: string
  duration: number | null
  tokens: number | null
  cost: number | null
}

export const maxCounted = 10_000
/** Where only durations have to be read. */
export const maxTimed = 2000

/** The newest runs of a selection, newest first; all of them where it is whole. */
export type RunSample = { runs: SampledRun[]; isWhole: boolean }

/** What a chart says of a sample. */
export type SampleFigures = {
  runs: number
  isWhole: boolean
  p50: number | undefined
  p95: number | undefined
  /** Starts, newest first; of those that lie ahead, and those that do not, at least the first. */
  newest: number[]
}

export function sampleFigures({ runs, isWhole }: RunSample): SampleFigures {
  const durations = runs.flatMap(({ duration }) => duration ?? []).sort((a, b) => a - b)
  const [p50, p95] = [quantile(durations, 0.5), quantile(durations, 0.95)]
  return { runs: runs.length, isWhole, p50, p95, newest: runs.map(({ seq }) => msOf(seq)) }
}

export function singly(runs: SampledRun[]): SumsAt[] {
  const ofStatus = new Map<string, Map<string, number>>()
  return runs.map(({ seq, status, tokens, cost }) => {
    const byStatus = ofStatus.get(status) ?? new Map([[status, 1]])
    ofStatus.set(status, byStatus)
    return { at: msOf(seq), byStatus, tokens: tokens ?? 0, cost: cost ?? 0 }
  })
}
