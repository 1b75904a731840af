import type { SQL } from 'drizzle-orm'
import { sql } from './drizzle.ts'
import type { RunReading } from './run-reading.ts'
import { newestFirst } from './run-scan.ts'
import { type RunConditions, type RunSelection, timesOf } from './run-selection.ts'
import { added, type RunSums, total } from './run-sums.ts'

/** The newest runs of a selection, newest first. */
export type RunSample = {
  runs: SampledRun[]
  /** Whether these are all. */
  isWhole: boolean
}
export type SampledRun = {
  seq: number
  status: string
  duration: number | null
  tokens: number | null
  cost: number | null
}

/** When it is not exact there are at least so many. Of how many statuses they are is known where that is cheap to know. */
export type RunCount = { runs: number; byStatus: Map<string, number> | undefined; isExact: boolean }

const mostCounted = 10_000
/** Where sums tell all but the durations, and each of these is a row somewhere in the table. */
const mostTimed = 2000
/** So many are looked at to be counted; beyond, only what an index can count. */
const mostLookedAt = 2000
const columns = sql`r.status, r.duration, r.tokens, r.cost`

/** The newest of a selection: 10,000 runs, or fewer where that would take long. */
export function createRunSample(reading: RunReading) {
  return (selection: RunSelection): RunSample => {
    const found = reading.read(selection)
    const most = found.sums && found.checks.size > 0 ? mostTimed : mostCounted
    return newest<SampledRun>(reading, found, columns, { most, budget: reading.limits.budget / 2 })
  }
}

/** Counts runs: all of them where sums can tell, else up to 10,000 where indexes can, else those that are soon found. */
export function createRunCounts(reading: RunReading, sums: RunSums) {
  return (selection: RunSelection): RunCount => {
    const found = reading.read(selection)
    if (found.isNothing) return counted(new Map())
    if (found.sums) return counted(summed(found))
    const inIndex = reading.countInIndex(found, mostCounted)
    if (inIndex && inIndex.runs > mostLookedAt) {
      const runs = Math.min(inIndex.runs, mostCounted)
      return { runs, byStatus: undefined, isExact: inIndex.isExact && runs === inIndex.runs }
    }
    const budget = reading.limits.budget / 5
    const { runs, isWhole } = newest<{ status: string }>(reading, found, sql`r.status`, { most: mostLookedAt, budget })
    return isWhole ? counted(byStatus(runs)) : { runs: runs.length, byStatus: undefined, isExact: false }
  }

  function summed(found: RunConditions): Map<string, number> {
    const times = timesOf(found)
    return times ? added(sums.between(found, times, 'day')).byStatus : sums.ofAll(found).byStatus
  }
}

function newest<Row>(
  { matching }: RunReading,
  found: RunConditions,
  columns: SQL,
  { most, budget }: { most: number; budget: number },
): { runs: Row[]; isWhole: boolean } {
  const asked = { columns, order: newestFirst, isForward: true, from: undefined, size: most + 1 }
  const runs: Row[] = []
  let spent = 0
  for (const { rows, to, cost } of matching<Row>(found, asked)) {
    for (const row of rows) runs.push(row)
    if (runs.length > most) return { runs: runs.slice(0, most), isWhole: false }
    spent += cost
    if (spent >= budget && to) return { runs, isWhole: false }
  }
  return { runs, isWhole: true }
}

const counted = (byStatus: Map<string, number>): RunCount => ({ runs: total({ byStatus }), byStatus, isExact: true })

function byStatus(runs: { status: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { status } of runs) counts.set(status, (counts.get(status) ?? 0) + 1)
  return counts
}
