import { createMemo } from '../../../../shared/memo.ts'
import type { ChangedRuns } from '../../../history/changed-runs.ts'
import { createKeptTallies } from '../../../history/kept-tallies.ts'
import type { RunSample } from '../../../history/sample.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { Ask } from '../../database/session.ts'
import type { Limits } from '../reading.ts'
import { conditionsOf } from '../selection/conditions.ts'
import * as sums from '../sums.ts'
import { createRunTally } from './tally.ts'

const maxSmallHistory = 10_000
const aheadBudget = 2_000_000
const stepBudget = 20_000

export const ofAllStatuses = (selection: RunSelection): RunSelection => ({ ...selection, statuses: undefined })

export type Counted = { ask: Ask; revision: () => string; changedRuns: ChangedRuns; limits: Limits }

/** Searches of one revision, as far as they have come: lists and figures share them. */
export function createTallies(deps: Counted) {
  const { ask, revision, limits } = deps
  const tallyOf = createKeptTallies({ ...deps, create: createRunTally.bind(undefined, ask, limits) })
  const memo = createMemo(revision)
  const isSmall = () => memo('small', async () => (await sums.allRuns(ask)) <= maxSmallHistory)

  return {
    of: tallyOf,

    /** If the runs of all statuses are known, so are these. */
    async sample(selection: RunSelection): Promise<RunSample> {
      const { statuses } = selection
      const all = tallyOf(ofAllStatuses(selection)).soFar()
      if (statuses && all.isWhole)
        return { runs: all.runs.filter(({ status }) => statuses.includes(status)), isWhole: true }
      const tally = tallyOf(selection)
      if (tally.soFar().runs.length === 0) await tally.look(limits.budget / 2)
      const { runs, isWhole } = tally.soFar()
      return { runs: [...runs], isWhole }
    },

    async ahead(selection: RunSelection, isPatient: boolean): Promise<boolean> {
      const all = ofAllStatuses(selection)
      if ((await conditionsOf(ask, all)).sums) return true
      if (isPatient || (await isSmall())) {
        for (let spent = 0; spent < aheadBudget && tallyOf(all).canGrow(); spent += stepBudget)
          await tallyOf(all).advance(stepBudget)
      }
      return !tallyOf(all).canGrow()
    },
  }
}
