import { createMemo } from '../../../../shared/memo.ts'
import { added, total } from '../../../history/adding.ts'
import { timesOf } from '../../../history/ranges.ts'
import { maxCounted } from '../../../history/sample.ts'
import type { RunCount, RunListPage } from '../../../ports/run-pages.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import { sql } from '../../sql/drizzle.ts'
import { type Source, sourceOf } from '../scan/sources.ts'
import { conditionsOf, type RunConditions } from '../selection/conditions.ts'
import * as sums from '../sums.ts'
import { type Counted, createTallies, ofAllStatuses } from './tallies.ts'
import type { RunTally } from './tally.ts'

/** More indexes than these are not read at once. */
const maxMerged = 10
const counted = (byStatus: Map<string, number>): RunCount => ({ runs: total({ byStatus }), byStatus, isExact: true })

/** Counts of one revision, so that lists and figures agree. */
export function createCounting(deps: Counted) {
  const { ask, revision, limits } = deps
  const tallies = createTallies(deps)
  const memo = createMemo(revision)

  function count(selection: RunSelection): Promise<RunCount> {
    const tally = tallies.of(selection)
    const { runs, isWhole } = tally.soFar()
    const key = `${runs.length} ${isWhole} ${JSON.stringify(selection)}`
    return memo(key, () => countNow(selection, tally))
  }

  /** All runs where sums or a complete search tell; else those that are soon found. */
  async function countNow(selection: RunSelection, tally: RunTally): Promise<RunCount> {
    const found = await conditionsOf(ask, selection)
    if (found.isNothing) return counted(new Map())
    if (found.sums) return counted(await summed(found))
    const known = tally.soFar()
    if (known.isWhole) return counted(byStatus(known.runs))
    const source = sourceOf(found)
    if (source.isDirect && source.width <= maxMerged) return countAlong(source, found)
    if (known.runs.length === 0) await tally.look(limits.budget / 5)
    const { runs, isWhole } = tally.soFar()
    if (isWhole) return counted(byStatus(runs))
    return { runs: Math.min(runs.length, maxCounted), byStatus: undefined, isExact: false }
  }

  /** By an index that leads to selected runs alone: no run has to be fetched. */
  async function countAlong(source: Source, found: RunConditions): Promise<RunCount> {
    const rows = source.rows(sql`r.status`, found.range, true, maxCounted + 1)
    const counts = await ask.rows<{ status: string; runs: number }>(
      sql`SELECT status, count(*) AS runs FROM (${rows}) AS counted GROUP BY status`,
    )
    const all = counted(new Map(counts.map(({ status, runs }) => [status, runs])))
    return all.runs <= maxCounted ? all : { runs: maxCounted, byStatus: undefined, isExact: false }
  }

  async function summed(found: RunConditions): Promise<Map<string, number>> {
    const times = timesOf(found)
    const parts = times ? await sums.between(ask, found, times, 'day') : [await sums.ofAll(ask, found)]
    return added(parts).byStatus
  }

  async function totalOf(selection: RunSelection, counts: RunCount): Promise<RunListPage['total']> {
    if (!selection.statuses) return counts
    const { byStatus } = counts
    if (!byStatus) return count(selection)
    const ofStatuses = [...new Set(selection.statuses)].map((status) => byStatus.get(status) ?? 0)
    return { runs: ofStatuses.reduce((sum, runs) => sum + runs, 0), isExact: true }
  }

  /** Never fewer than were seen. */
  async function forList(selection: RunSelection, seen: number): Promise<Pick<RunListPage, 'counts' | 'total'>> {
    const counts = await count(ofAllStatuses(selection))
    const atLeast = <T extends { runs: number; isExact: boolean }>(count: T): T =>
      count.isExact ? count : { ...count, runs: Math.max(count.runs, seen) }
    return { counts: atLeast(counts), total: atLeast(await totalOf(selection, counts)) }
  }

  return {
    count,
    forList,
    tallyOf: tallies.of,
    sample: tallies.sample,
    ahead: tallies.ahead,

    /** Summing again would take as long as the chart. */
    async ofFigures(selection: RunSelection, runs: number): Promise<RunListPage['total']> {
      const isSummed = (await conditionsOf(ask, selection)).sums !== undefined
      return isSummed ? { runs, isExact: true } : (await forList(selection, runs)).total
    },
  }
}

function byStatus(runs: { status: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { status } of runs) counts.set(status, (counts.get(status) ?? 0) + 1)
  return counts
}
