import type { SQL } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import { sql } from '../sql/drizzle.ts'

const perMs = 4096
/** Later ones would not be exact in JavaScript. */
const lastMs = 2_199_022_206_976
const maxKept = 2000

/** The seq of a run that is added: its start, and a number that tells it from others of that millisecond. Runs that are
 * added at the same time do not see each other, so each of them also takes the next number that is not given here. */
export function createPlaces(): (startedAt: number) => SQL {
  const given = new LRUCache<number, number>({ max: maxKept })

  return (startedAt) => {
    const ms = Number.isNaN(startedAt) ? 0 : Math.max(0, Math.min(lastMs, Math.trunc(startedAt)))
    const first = ms * perMs
    const own = given.get(first) ?? first
    given.set(first, own < first + perMs - 1 ? own + 1 : first)
    const [from, ofMs, ofMany] = [first, first + perMs - 1, first + 256 * perMs - 1].map((seq) => sql`${seq}::bigint`)
    const last = (to: SQL) => sql`(SELECT max(seq) + 1 FROM runs WHERE seq >= ${from} AND seq < ${to})`
    const isFree = (seq: SQL) => sql`NOT EXISTS (SELECT 1 FROM runs WHERE seq = ${seq})`
    // Where 4096 runs started in the millisecond, that of a later one.
    return sql`CASE
      WHEN ${isFree(ofMs!)} THEN greatest(coalesce(${last(ofMs!)}, ${from}), ${own}::bigint)
      WHEN ${isFree(ofMany!)} THEN ${last(ofMany!)}
      ELSE (SELECT max(seq) + 1 FROM runs)
    END`
  }
}
