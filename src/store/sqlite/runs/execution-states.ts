import type { NodeState } from '../../ports/runs.ts'
import type { Store } from '../file/open.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { executionStates as states } from '../sql/schema/node-states.ts'
import { createRunStates } from './state-index.ts'

/** More than any run has, and few enough to be listed. */
const mostStates = 10_000
/** Rows that are looked through at once where no index leads to those of a run. */
const stepRows = 2000
/** Steps that are taken at once. A file of usual size is through by then. */
const quickSteps = 2
const mostRemembered = 200

/** How far the rows were looked through for a run. `last` tells whether the row at `upTo` is still the same. */
type Search = { ids: number[]; upTo: number; last: string | undefined }

/**
 * The table `execution_states`, which the Python program fills. Its files have no index by run; run_states is ours.
 * Until that is whole the states of a run are found by looking through all rows in steps, and what was looked through
 * once is not looked through again.
 */
export function createExecutionStateTable({ db }: Pick<Store, 'db'>) {
  const { stateIdsOf } = createRunStates({ db })
  const searches = new Map<string, Search>()
  const runId = sql.placeholder('runId')
  const id = sql.placeholder('id')

  const index = db
    .select({ name: sql`list.name` })
    .from(sql`pragma_index_list('execution_states') AS list, pragma_index_info(list.name) AS part`)
    .where(sql`part.seqno = 0 AND part.name = 'run_id' AND list.partial = 0`)
    .prepare()
  const byIndex = db
    .select({ id: states.id })
    .from(states)
    .where(eq(states.runId, runId))
    .orderBy(states.id)
    .limit(mostStates)
    .prepare()
  const step = db
    .select({
      rows: sql<number>`count(*)`,
      upTo: sql<number | null>`max(id)`,
      found: sql<string | null>`group_concat(CASE WHEN run_id = ${runId} THEN id END)`,
    })
    .from(
      sql`(SELECT id, run_id FROM execution_states WHERE id > ${sql.placeholder('after')} ORDER BY id LIMIT ${stepRows})`,
    )
    .prepare()
  const identity = db
    .select({ text: sql<string>`run_id || ' ' || created_at` })
    .from(states)
    .where(eq(states.id, id))
    .prepare()
  const head = db
    .select({
      id: states.id,
      runId: states.runId,
      nodeId: states.nodeId,
      createdAt: states.createdAt,
      // Unlike length(), known from the head of a row: a state of megabytes is not read for it.
      bytes: sql<number>`octet_length(${states.stateData})`,
    })
    .from(states)
    .where(eq(states.id, id))
    .prepare()
  const text = db
    .select({ runId: states.runId, text: sql<unknown>`substr(${states.stateData}, 1, ${sql.placeholder('most')})` })
    .from(states)
    .where(eq(states.id, id))
    .prepare()

  function searchOf(runId: string): Search {
    const known = searches.get(runId)
    // An id is given again when the newest rows were deleted.
    const isStillTrue = known && (known.last === undefined || identity.get({ id: known.upTo })?.text === known.last)
    const search = isStillTrue ? known : { ids: [], upTo: Number.MIN_SAFE_INTEGER, last: undefined }
    searches.delete(runId)
    searches.set(runId, search)
    if (searches.size > mostRemembered) searches.delete(searches.keys().next().value!)
    return search
  }

  /** Whether there may be more to look through. */
  function takeStep(runId: string, search: Search): boolean {
    const { rows, upTo, found } = step.get({ runId, after: search.upTo })!
    if (upTo === null) return false
    search.upTo = upTo
    search.last = identity.get({ id: upTo })?.text
    if (found !== null) search.ids.push(...String(found).split(',').map(Number))
    return rows === stepRows && search.ids.length < mostStates
  }

  /** The ids of a run's states, in order; undefined when it takes longer to find out. */
  function idsAtOnce(runId: string): number[] | undefined {
    const known = stateIdsOf(runId)
    if (known) return known
    if (index.get()) return byIndex.all({ runId }).map((row) => row.id)
    const search = searchOf(runId)
    for (let steps = 0; steps < quickSteps; steps++) if (!takeStep(runId, search)) return search.ids
    return undefined
  }

  return {
    idsAtOnce,

    /** The same, however long it takes; others get their turn in between. */
    async ids(runId: string): Promise<number[]> {
      for (;;) {
        const ids = idsAtOnce(runId)
        if (ids) return ids
        await new Promise((resolve) => setImmediate(resolve))
      }
    },

    /** A state of a run; undefined when it is gone, or another run's. */
    get(runId: string, id: number): Omit<NodeState, 'beginning'> | undefined {
      const row = head.get({ id })
      if (row?.runId !== runId) return undefined
      return { id, node: String(row.nodeId), savedAt: row.createdAt, bytes: Number(row.bytes) }
    },

    /** The text of a state of a run, or its first characters. */
    text(runId: string, id: number, most = Number.MAX_SAFE_INTEGER): string | undefined {
      const row = text.get({ id, most })
      return row?.runId === runId ? String(row.text) : undefined
    },
  }
}
