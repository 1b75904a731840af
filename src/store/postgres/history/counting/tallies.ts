import { LRUCache } from 'lru-cache'
import { createMemo } from '../../../../shared/memo.ts'
import type { RunSample } from '../../../history/sample.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { Ask } from '../../database/session.ts'
import type { Limits } from '../reading.ts'
import { conditionsOf } from '../selection/conditions.ts'
import * as sums from '../sums.ts'
import { createRunTally, type RunTally } from './tally.ts'

const maxSmallHistory = 10_000
/** In microseconds or so, between two looks at whether anything has changed. */
const aheadBudget = 2_000_000
const stepBudget = 20_000
/** Tallies are large; a list and its chart need the same one. */
const maxTallies = 8

export const ofAllStatuses = (selection: RunSelection): RunSelection => ({ ...selection, statuses: undefined })

/** Searches of one revision, as far as they have come: lists and figures share them. */
export function createTallies({ ask, revision, limits }: { ask: Ask; revision: () => string; limits: Limits }) {
  const tallies = new LRUCache<string, RunTally>({ max: maxTallies })
  const memo = createMemo(revision)
  const isSmall = () => memo('small', async () => (await sums.allRuns(ask)) <= maxSmallHistory)

  function tallyOf(selection: RunSelection): RunTally {
    const key = JSON.stringify([revision(), selection])
    const tally = tallies.get(key) ?? createRunTally(ask, selection, limits)
    tallies.set(key, tally)
    return tally
  }

  return {
    of: tallyOf,

    /** If the runs of all statuses are known, so are these. */
    async sample(selection: RunSelection): Promise<RunSample> {
      const { statuses } = selection
      const all = tallyOf(ofAllStatuses(selection))
      if (statuses && all.isWhole())
        return { runs: all.runs.filter(({ status }) => statuses.includes(status)), isWhole: true }
      const tally = tallyOf(selection)
      if (tally.runs.length === 0) await tally.advance(limits.budget / 2)
      return { runs: [...tally.runs], isWhole: tally.isWhole() }
    },

    async ahead(selection: RunSelection, isPatient: boolean): Promise<boolean> {
      const all = ofAllStatuses(selection)
      if ((await conditionsOf(ask, all)).sums) return true
      const before = revision()
      const tally = tallyOf(all)
      if (isPatient || (await isSmall())) {
        for (let spent = 0; spent < aheadBudget && tally.canGrow() && revision() === before; spent += stepBudget)
          await tally.advance(stepBudget)
      }
      return !tallyOf(all).canGrow()
    },
  }
}
