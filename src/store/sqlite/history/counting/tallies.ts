import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { RunReading } from '../reading.ts'
import { createRunTally, type RunTally } from './tally.ts'

/** In microseconds or so, between two looks at whether others wait. */
const stepBudget = 3000
/** Tallies are large; a list and its chart need the same one. */
const maxKept = 8

export type RunTallies = {
  tallyOf(selection: RunSelection): RunTally
  /** For at most `budget` microseconds or so, or until the database changes. */
  advance(selection: RunSelection, budget: number): Promise<void>
}

export function createRunTallies({ reading, revision }: { reading: RunReading; revision: () => string }): RunTallies {
  const kept = new LRUCache<string, RunTally>({ max: maxKept })

  function tallyOf(selection: RunSelection): RunTally {
    const key = JSON.stringify([revision(), selection])
    const tally = kept.get(key) ?? createRunTally(reading, selection)
    kept.set(key, tally)
    return tally
  }

  return {
    tallyOf,

    async advance(selection, budget) {
      const before = revision()
      const tally = tallyOf(selection)
      for (let spent = 0; spent < budget && tally.canGrow() && revision() === before; spent += stepBudget) {
        tally.advance(stepBudget)
        await setImmediate()
      }
    },
  }
}
