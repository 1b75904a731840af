import { LRUCache } from 'lru-cache'
import type { ChangedRuns } from './changed-runs.ts'

const maxQueries = 20
/** With more changes than these, all are found anew. */
const maxChanged = 500
const maxHits = 20_000
const looksWhenTooMany = 100

/** The place of a run that may have some words; unsure where only its texts can tell. */
export type Hit = { seq: number; unsure: boolean }
export type KeptHits = {
  /** Undefined where there are too many. `find` finds all, or those among some places. */
  of(query: string, find: (among?: number[]) => Promise<Hit[] | undefined>): Promise<Hit[] | undefined>
}

type Kept = { version: number; hits: Hit[] } | { version: number; hits: undefined; left: number }

/** Which runs have some words, as long as they have not changed. */
export function createKeptHits(changedRuns: ChangedRuns): KeptHits {
  const queries = new LRUCache<string, Kept>({ max: maxQueries })

  return {
    async of(query, find) {
      const last = queries.get(query)
      if (last && !last.hits && last.left-- > 0) return undefined
      const version = changedRuns.version()
      const changed = last && changedRuns.placesSince(last.version)
      const before = changed && changed.length <= maxChanged ? last?.hits : undefined
      if (before && changed?.length === 0) return before
      const places = new Set(changed)
      const known = before?.filter(({ seq }) => !places.has(seq)) ?? []
      const found = await find(before ? [...places] : undefined)
      const all = found && [...known, ...found]
      const hits = all && all.length <= maxHits ? all : undefined
      queries.set(query, hits ? { version, hits } : { version, hits, left: looksWhenTooMany })
      return hits
    },
  }
}
