import { setImmediate } from 'node:timers/promises'
import { hasEnded } from '../../shared/run-status.ts'
import type { BulkAction, BulkRuns } from '../../store/ports/bulk.ts'
import type { Registry } from '../registry/registry.ts'
import { objection } from './rules.ts'
import type { BulkTargets } from './targets.ts'

export type { BulkRuns }

export type BulkPreview = {
  runs: number
  isExact: boolean
  /** If not, what follows counts the first runs alone. */
  isWhole: boolean
  leftOut: { reason: string; runs: number }[]
  costUsd: number | undefined
  /** In programs that carry them out themselves. */
  running: number
}

const maxChecked = 10_000
const maxMs = 1000
const rowsAtOnce = 500

const ahead = 'This run is dated in the future.'

/** Checks 10,000 runs, or for a second. `datedAhead` more are listed, and no action reaches them. */
export async function previewOf(
  action: BulkAction,
  runs: BulkRuns,
  datedAhead = 0,
  deps: { targets: BulkTargets; registry: Registry; elapsed: () => number },
): Promise<BulkPreview> {
  const { targets, registry, elapsed } = deps
  const until = elapsed() + maxMs
  const leftOut = new Map<string, number>()
  let checked = 0
  let running = 0
  let cost: number | undefined
  let isWhole = false
  for (let after: number | undefined; !isWhole && checked <= maxChecked && elapsed() <= until; await setImmediate()) {
    const { runs: some, isMore, searchedTo } = await targets.next(runs, after, rowsAtOnce)
    for (const { run } of some) {
      checked++
      const reason = objection(action, run, registry)
      if (reason !== undefined) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
      else {
        if (!hasEnded(run!.status)) running++
        if (run!.totalCostUsd !== null) cost = (cost ?? 0) + run!.totalCostUsd
      }
    }
    isWhole = !isMore
    after = searchedTo ?? some.at(-1)?.position ?? after
  }
  const counted = isWhole ? checked : await targets.count(runs)
  if (datedAhead > 0) leftOut.set(ahead, datedAhead)
  return {
    runs: (counted ?? Math.min(checked, maxChecked)) + datedAhead,
    isExact: counted !== undefined,
    isWhole,
    leftOut: [...leftOut].map(([reason, runs]) => ({ reason, runs })).sort((a, b) => b.runs - a.runs),
    costUsd: cost,
    running,
  }
}
