import { LRUCache } from 'lru-cache'
import type { ChangedRuns } from './changed-runs.ts'

const maxQueries = 20
/** With more changes than these, all are found anew. */
const maxChanged = 500

/** The place of a run that may have some words; unsure where only its texts can tell. */
export type Hit = { seq: number; unsure: boolean }
export type KeptHits = {
  /** Undefined where there are too many. `find` finds all, or those among some places. */
  of(query: string, find: (among?: number[]) => Promise<Hit[] | undefined>): Promise<Hit[] | undefined>
}

/** Which runs have some words, as long as they have not changed. */
export function createKeptHits(changedRuns: ChangedRuns): KeptHits {
  const queries = new LRUCache<string, { version: number; hits: Hit[] }>({ max: maxQueries })

  return {
    async of(query, find) {
      const last = queries.get(query)
      const version = changedRuns.version()
      const changed = last && changedRuns.placesSince(last.version)
      const isKnown = last && changed && changed.length <= maxChanged
      if (isKnown && changed.length === 0) return last.hits
      const places = new Set(changed)
      const known = isKnown ? last.hits.filter(({ seq }) => !places.has(seq)) : []
      const found = await find(isKnown ? [...places] : undefined)
      if (!found) return undefined
      const hits = [...known, ...found]
      queries.set(query, { version, hits })
      return hits
    },
  }
}
