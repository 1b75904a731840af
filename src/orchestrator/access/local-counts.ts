import { LRUCache } from 'lru-cache'
import type { Clock } from '../../shared/time/clock.ts'
import type { Counts } from '../../store/ports/cluster.ts'

const maxKeys = 1000

/** Those of a dashboard that is alone on its database. They end with the process. */
export function createLocalCounts({ elapsed }: Pick<Clock, 'elapsed'>): Counts {
  const all = new LRUCache<string, { times: number; until: number }>({ max: maxKeys })
  const isCounted = (key: string) => (all.get(key)?.until ?? 0) > elapsed()

  return {
    async count(key, ms) {
      const { times, until } = (isCounted(key) && all.get(key)) || { times: 0, until: elapsed() + ms }
      all.set(key, { times: times + 1, until })
      return { times: times + 1, leftMs: until - elapsed() }
    },
    isCounted: async (start) => [...all.keys()].some((key) => key.startsWith(start) && isCounted(key)),
    async forget(start) {
      for (const key of [...all.keys()]) if (key.startsWith(start)) all.delete(key)
    },
  }
}
