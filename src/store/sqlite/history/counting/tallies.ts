import { setImmediate } from 'node:timers/promises'
import type { ChangedRuns } from '../../../history/changed-runs.ts'
import { createKeptTallies } from '../../../history/kept-tallies.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { RunReading } from '../reading.ts'
import { createRunTally, type RunTally } from './tally.ts'

/** In microseconds or so, between two looks at whether others wait. */
const stepBudget = 3000

export type RunTallies = {
  tallyOf(selection: RunSelection): RunTally
  /** For at most `budget` microseconds or so. */
  advance(selection: RunSelection, budget: number): Promise<void>
}

export function createRunTallies(deps: {
  reading: RunReading
  revision: () => string
  changedRuns: ChangedRuns
}): RunTallies {
  const create = createRunTally.bind(undefined, deps.reading)
  const tallyOf = createKeptTallies({ ...deps, create })

  return {
    tallyOf,

    async advance(selection, budget) {
      for (let spent = 0; spent < budget && tallyOf(selection).canGrow(); spent += stepBudget) {
        tallyOf(selection).advance(stepBudget)
        await setImmediate()
      }
    },
  }
}
