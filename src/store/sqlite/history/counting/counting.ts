import { createMemo } from '../../../../shared/memo.ts'
import type { ChangedRuns } from '../../../history/changed-runs.ts'
import type { RunSample } from '../../../history/sample.ts'
import type { RunCount, RunListPage } from '../../../ports/run-pages.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { RunReading } from '../reading.ts'
import type { RunSums } from '../sums.ts'
import { createRunCounts, createRunSample } from './counts.ts'
import { createRunTallies } from './tallies.ts'

const maxSmallHistory = 10_000
const maxAhead = 2_000_000

const ofAllStatuses = (selection: RunSelection): RunSelection => ({ ...selection, statuses: undefined })

/** Counts of one revision, so that lists and figures agree. */
export function createCounting({
  reading,
  sums,
  revision,
  changedRuns,
}: {
  reading: RunReading
  sums: RunSums
  revision: () => string
  changedRuns: ChangedRuns
}) {
  const countsOf = createRunCounts(reading, sums)
  const sampleOf = createRunSample(reading)
  const tallies = createRunTallies({ reading, revision, changedRuns })
  const memo = createMemo(revision)
  const isSummed = (selection: RunSelection) => reading.read(selection).sums !== undefined
  const isSmall = () => memo('small', () => sums.runs() <= maxSmallHistory)

  function count(selection: RunSelection): RunCount {
    const tally = tallies.tallyOf(selection)
    const { runs, isWhole } = tally.soFar()
    const key = `${runs.length} ${isWhole} ${JSON.stringify(selection)}`
    return memo(key, () => countsOf(selection, tally))
  }

  function totalOf(selection: RunSelection, counts: RunCount): RunListPage['total'] {
    if (!selection.statuses) return counts
    const { byStatus } = counts
    if (!byStatus) return count(selection)
    const ofStatuses = [...new Set(selection.statuses)].map((status) => byStatus.get(status) ?? 0)
    return { runs: ofStatuses.reduce((sum, runs) => sum + runs, 0), isExact: true }
  }

  /** Never fewer than were seen. */
  function forList(selection: RunSelection, seen: number): Pick<RunListPage, 'counts' | 'total'> {
    const counts = count(ofAllStatuses(selection))
    const atLeast = <T extends { runs: number; isExact: boolean }>(count: T): T =>
      count.isExact ? count : { ...count, runs: Math.max(count.runs, seen) }
    return { counts: atLeast(counts), total: atLeast(totalOf(selection, counts)) }
  }

  return {
    count,

    forList,

    /** Summing again would take as long as the chart. */
    ofFigures: (selection: RunSelection, runs: number): RunListPage['total'] =>
      isSummed(selection) ? { runs, isExact: true } : forList(selection, runs).total,

    /** If the runs of all statuses are known, so are these. */
    sample(selection: RunSelection): RunSample {
      const { statuses } = selection
      const all = tallies.tallyOf(ofAllStatuses(selection)).soFar()
      if (statuses && all.isWhole)
        return { runs: all.runs.filter(({ status }) => statuses.includes(status)), isWhole: true }
      return sampleOf(selection, tallies.tallyOf(selection))
    },

    async ahead(selection: RunSelection, isPatient: boolean): Promise<boolean> {
      const all = ofAllStatuses(selection)
      if (isSummed(all)) return true
      if (isPatient || isSmall()) await tallies.advance(all, maxAhead)
      return !tallies.tallyOf(all).canGrow()
    },
  }
}
