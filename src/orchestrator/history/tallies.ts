import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { RunReading } from '../../store/sqlite/history/reading.ts'
import { createRunTally, type RunTally } from '../../store/sqlite/history/tally.ts'
import type { RunFilter } from './filter.ts'
import { selectionOf } from './selection.ts'

/** Between two looks at whether somebody else waits; in microseconds or so. */
const stepBudget = 3000
/** Tallies are large, and a list and its chart are asked for one after the other. */
const maxKept = 8

/** Looks for all runs that a filter means, a little at a time, for whoever counts or charts them. */
export function createRunTallies({ reading, revision }: { reading: RunReading; revision: () => string }) {
  const kept = new LRUCache<string, RunTally>({ max: maxKept })

  function tallyOf(filter: RunFilter): RunTally {
    const key = JSON.stringify([revision(), filter])
    const tally = kept.get(key) ?? createRunTally(reading, selectionOf(filter, reading.known))
    kept.set(key, tally)
    return tally
  }

  return {
    tallyOf,

    /** Looks further for at most so many microseconds or so, with others between; or until the database has changed. */
    async advance(filter: RunFilter, budget: number): Promise<void> {
      const before = revision()
      const tally = tallyOf(filter)
      for (let spent = 0; spent < budget && tally.canGrow() && revision() === before; spent += stepBudget) {
        tally.advance(stepBudget)
        await setImmediate()
      }
    },
  }
}
