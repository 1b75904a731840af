import type { SQL } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import { sql } from '../sql/drizzle.ts'

const perMs = 4096
/** Later ones would not be exact in JavaScript. */
const lastMs = 2_199_022_206_976
const maxKept = 2000

/** The first place of a millisecond, the next that is not given here, and how many are given before in a statement. */
type Wanted<Value> = { first: Value; own: Value; before: Value }

/** The seq of a run that is added: its start, and a number that tells it from others of that millisecond. Runs that are
 * added at the same time do not see each other, so each of them also takes the next number that is not given here. */
export function createPlaces() {
  const given = new LRUCache<number, number>({ max: maxKept })

  function wanted(startedAt: number) {
    const ms = Number.isNaN(startedAt) ? 0 : Math.max(0, Math.min(lastMs, Math.trunc(startedAt)))
    const first = ms * perMs
    const own = given.get(first) ?? first
    given.set(first, own < first + perMs - 1 ? own + 1 : first)
    return { first, own }
  }

  return {
    at(startedAt: number): SQL {
      const { first, own } = wanted(startedAt)
      return placeOf({ first: sql`${first}::bigint`, own: sql`${own}::bigint`, before: sql`0` })
    },

    /** Of runs that one statement adds. */
    ofAll(startedAts: number[]): Wanted<number[]> {
      const places = startedAts.map(wanted)
      const taken = new Map<number, number>()
      const before = places.map(({ first }) => {
        const earlier = taken.get(first) ?? 0
        taken.set(first, earlier + 1)
        return earlier
      })
      return { first: places.map(({ first }) => first), own: places.map(({ own }) => own), before }
    },
  }
}

export function placeOf({ first, own, before }: Wanted<SQL>): SQL {
  const [ofMs, ofMany] = [perMs - 1, 256 * perMs - 1].map((last) => sql`${first} + ${sql.raw(String(last))}`)
  const last = (to: SQL) => sql`(SELECT max(seq) + 1 FROM runs WHERE seq >= ${first} AND seq < ${to})`
  const isFree = (seq: SQL) => sql`NOT EXISTS (SELECT 1 FROM runs WHERE seq = ${seq})`
  // Where 4096 runs started in the millisecond, that of a later one.
  return sql`CASE
    WHEN ${isFree(ofMs!)} THEN greatest(coalesce(${last(ofMs!)}, ${first}) + ${before}, ${own})
    WHEN ${isFree(ofMany!)} THEN ${last(ofMany!)} + ${before}
    ELSE (SELECT max(seq) + 1 FROM runs) + ${before}
  END`
}
