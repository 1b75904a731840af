import { added, total } from '../../../history/adding.ts'
import { timesOf } from '../../../history/ranges.ts'
import { maxCounted, type RunSample } from '../../../history/sample.ts'
import type { RunCount } from '../../../ports/run-pages.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { RunReading } from '../reading.ts'
import type { RunConditions } from '../selection/selection.ts'
import type { RunSums } from '../sums.ts'
import { createRunTally, type RunTally } from './tally.ts'

/** More are counted by an index alone. */
const maxLookedAt = 2000

/** 10,000 runs, or fewer where that takes long. */
export function createRunSample(reading: RunReading) {
  return (selection: RunSelection, tally = createRunTally(reading, selection)): RunSample => {
    if (tally.soFar().runs.length === 0) tally.look(reading.limits.budget / 2)
    return tally.soFar()
  }
}

/** All runs where sums or a complete search tell; else up to 10,000 by an index, else those that are soon found. */
export function createRunCounts(reading: RunReading, sums: RunSums) {
  return (selection: RunSelection, tally?: RunTally): RunCount => {
    const found = reading.read(selection)
    if (found.isNothing) return counted(new Map())
    if (found.sums) return counted(summed(found))
    const known = tally?.soFar()
    if (known?.isWhole) return counted(byStatus(known.runs))
    if (known && known.runs.length >= maxCounted) return { runs: maxCounted, byStatus: undefined, isExact: false }
    const inIndex = reading.countInIndex(found, maxCounted)
    if (inIndex && inIndex.runs > maxLookedAt) {
      const runs = Math.min(inIndex.runs, maxCounted)
      return { runs, byStatus: undefined, isExact: inIndex.isExact && runs === inIndex.runs }
    }
    const looking = tally ?? createRunTally(reading, selection)
    if (looking.soFar().runs.length === 0) looking.look(reading.limits.budget / 5)
    const looked = looking.soFar()
    if (looked.isWhole) return counted(byStatus(looked.runs))
    const runs = Math.max(looked.runs.length, inIndex?.runs ?? 0)
    return { runs, byStatus: undefined, isExact: inIndex?.isExact === true && runs === inIndex.runs }
  }

  function summed(found: RunConditions): Map<string, number> {
    const times = timesOf(found)
    return times ? added(sums.between(found, times, 'day')).byStatus : sums.ofAll(found).byStatus
  }
}

const counted = (byStatus: Map<string, number>): RunCount => ({ runs: total({ byStatus }), byStatus, isExact: true })

function byStatus(runs: { status: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { status } of runs) counts.set(status, (counts.get(status) ?? 0) + 1)
  return counts
}
