import { LRUCache } from 'lru-cache'
import type { ChangedRuns } from './changed-runs.ts'

const maxSearches = 8
const maxRuns = 20_000

/** Whether runs are what a search means, as far as their texts were read and they have not changed since. */
export type Outcomes = { of(search: string): Map<number, boolean> }

export function createOutcomes(changedRuns: ChangedRuns): Outcomes {
  const searches = new LRUCache<string, { version: number; known: Map<number, boolean> }>({ max: maxSearches })

  return {
    of(search) {
      const last = searches.get(search)
      const version = changedRuns.version()
      const changed = last && changedRuns.placesSince(last.version)
      if (last && changed?.length === 0 && last.known.size < maxRuns) return last.known
      // A new map: a search that is still running keeps adding to the old one.
      const known = new Map(changed && last.known.size < maxRuns ? last.known : [])
      for (const seq of changed ?? []) known.delete(seq)
      searches.set(search, { version, known })
      return known
    },
  }
}
