import { LRUCache } from 'lru-cache'
import type { Store } from '../file/open.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { executionStates as states } from '../sql/schema/node-states.ts'

const rowsInStep = 2000
/** A file of usual size is read to its end by then. */
const quickSteps = 2
const maxRemembered = 200

/** How far the rows were read for a run. `last` identifies the row at `upTo`: an id may be given again. */
type Search = { ids: number[]; upTo: number; last: string | undefined }

/** For files without an index by run: reads all rows, in steps, each only once. */
export function createStateSearch({ db }: Pick<Store, 'db'>, maxStates: number) {
  const searches = new LRUCache<string, Search>({ max: maxRemembered })
  const step = db
    .select({
      rows: sql<number>`count(*)`,
      upTo: sql<number | null>`max(id)`,
      found: sql<string | null>`group_concat(CASE WHEN run_id = ${sql.placeholder('runId')} THEN id END)`,
    })
    .from(
      sql`(SELECT id, run_id FROM execution_states WHERE id > ${sql.placeholder('after')} ORDER BY id LIMIT ${rowsInStep})`,
    )
    .prepare()
  const identity = db
    .select({ text: sql<string>`run_id || ' ' || created_at` })
    .from(states)
    .where(eq(states.id, sql.placeholder('id')))
    .prepare()

  function searchOf(runId: string): Search {
    const known = searches.get(runId)
    const isStillTrue = known && (known.last === undefined || identity.get({ id: known.upTo })?.text === known.last)
    if (isStillTrue) return known
    const search = { ids: [], upTo: Number.MIN_SAFE_INTEGER, last: undefined }
    searches.set(runId, search)
    return search
  }

  /** Returns whether there may be more rows to read. */
  function takeStep(runId: string, search: Search): boolean {
    const { rows, upTo, found } = step.get({ runId, after: search.upTo })!
    if (upTo === null) return false
    search.upTo = upTo
    search.last = identity.get({ id: upTo })?.text
    if (found !== null) search.ids.push(...String(found).split(',').map(Number))
    return rows === rowsInStep && search.ids.length < maxStates
  }

  return (runId: string): number[] | undefined => {
    const search = searchOf(runId)
    for (let steps = 0; steps < quickSteps; steps++) if (!takeStep(runId, search)) return search.ids
    return undefined
  }
}
