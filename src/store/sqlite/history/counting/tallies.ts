import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { RunReading } from '../reading.ts'
import { createRunTally, type RunTally } from './tally.ts'

/** Between two looks at whether somebody else waits; in microseconds or so. */
const stepBudget = 3000
/** Tallies are large, and a list and its chart are asked for one after the other. */
const maxKept = 8

export type RunTallies = {
  tallyOf(selection: RunSelection): RunTally
  /** Looks further for at most so many microseconds or so, with others between; or until the database has changed. */
  advance(selection: RunSelection, budget: number): Promise<void>
}

/** Looks for all runs of a selection, a little at a time, for whoever counts or charts them. */
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
