import { setImmediate } from 'node:timers/promises'
import { hasEnded } from '../../shared/run-status.ts'
import type { BulkAction, BulkRuns } from '../../store/ports/bulk.ts'
import type { Registry } from '../registry/registry.ts'
import { objection } from './rules.ts'
import type { createBulkRuns } from './targets.ts'

export type { BulkRuns }

/** What an action would do. */
export type BulkPreview = {
  /** How many runs are meant; when that is not exact, there are more. */
  runs: number
  isExact: boolean
  /** Whether each of them was looked at. If not, what follows is true of the first of them alone. */
  isWhole: boolean
  /** Runs to which nothing will be done, and why, as far as that can be told beforehand. */
  leftOut: { reason: string; runs: number }[]
  /** What the others cost, where that is known. */
  costUsd: number | undefined
  /** How many of the others are going on in the Python program, as far as the file says. */
  goingOn: number
}

const mostLookedAt = 10_000
const mostMs = 1000
const rowsAtOnce = 500

const ahead = 'This run is dated in the future.'

/**
 * Looks at the runs that are meant, without doing anything to them; at 10,000 of them, or for a second. Besides these
 * there are so many `datedAhead` that a list shows too, and no action reaches.
 */
export async function previewOf(
  action: BulkAction,
  runs: BulkRuns,
  datedAhead = 0,
  deps: { bulkRuns: ReturnType<typeof createBulkRuns>; registry: Registry; elapsed: () => number },
): Promise<BulkPreview> {
  const { bulkRuns, registry, elapsed } = deps
  const until = elapsed() + mostMs
  const leftOut = new Map<string, number>()
  let looked = 0
  let goingOn = 0
  let cost: number | undefined
  let isWhole = false
  for (let after: number | undefined; !isWhole && looked <= mostLookedAt && elapsed() <= until; await setImmediate()) {
    const { runs: some, isMore, searchedTo } = await bulkRuns.next(runs, after, rowsAtOnce)
    for (const { run } of some) {
      looked++
      const reason = objection(action, run, registry)
      if (reason !== undefined) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
      else {
        if (!hasEnded(run!.status)) goingOn++
        if (run!.totalCostUsd !== null) cost = (cost ?? 0) + run!.totalCostUsd
      }
    }
    isWhole = !isMore
    after = searchedTo ?? some.at(-1)?.place ?? after
  }
  const counted = isWhole ? looked : await bulkRuns.count(runs)
  if (datedAhead > 0) leftOut.set(ahead, datedAhead)
  return {
    runs: (counted ?? Math.min(looked, mostLookedAt)) + datedAhead,
    isExact: counted !== undefined,
    isWhole,
    leftOut: [...leftOut].map(([reason, runs]) => ({ reason, runs })).sort((a, b) => b.runs - a.runs),
    costUsd: cost,
    goingOn,
  }
}
