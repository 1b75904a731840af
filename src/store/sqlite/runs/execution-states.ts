import { setImmediate } from 'node:timers/promises'
import type { NodeState } from '../../ports/node-states.ts'
import type { Store } from '../file/open.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { executionStates as states } from '../sql/schema/node-states.ts'
import { createRunStates, maxStates } from './state-index.ts'
import { createStateSearch } from './state-search.ts'

/** Python's table has no index by run: until our run_states is complete, states are searched for. */
export function createExecutionStateTable({ db }: Pick<Store, 'db'>) {
  const { stateIdsOf } = createRunStates({ db })
  const search = createStateSearch({ db }, maxStates)
  const { index, byIndex, head, text } = prepareReads(db)

  function idsAtOnce(runId: string): number[] | undefined {
    const known = stateIdsOf(runId)
    if (known) return known
    return index.get() ? byIndex.all({ runId }).map(({ id }) => id) : search(runId)
  }

  return {
    /** The ids of a run's states, in order; undefined where it takes longer to find out. */
    idsAtOnce,

    /** The same, however long it takes. */
    async ids(runId: string): Promise<number[]> {
      for (;;) {
        const ids = idsAtOnce(runId)
        if (ids) return ids
        await setImmediate()
      }
    },

    get(runId: string, id: number): Omit<NodeState, 'beginning'> | undefined {
      const row = head.get({ id })
      if (row?.runId !== runId) return undefined
      return { id, node: String(row.nodeId), savedAt: row.createdAt, bytes: Number(row.bytes) }
    },

    text(runId: string, id: number, maxCharacters = Number.MAX_SAFE_INTEGER): string | undefined {
      const row = text.get({ id, maxCharacters })
      return row?.runId === runId ? String(row.text) : undefined
    },
  }
}

function prepareReads(db: Store['db']) {
  const { id, runId, nodeId, createdAt, stateData } = states
  const isIt = eq(id, sql.placeholder('id'))
  // Unlike length(), known from the head of a row: a state of megabytes is not read for it.
  const bytes = sql<number>`octet_length(${stateData})`
  return {
    index: db
      .select({ name: sql`list.name` })
      .from(sql`pragma_index_list('execution_states') AS list, pragma_index_info(list.name) AS part`)
      .where(sql`part.seqno = 0 AND part.name = 'run_id' AND list.partial = 0`)
      .prepare(),
    byIndex: db
      .select({ id })
      .from(states)
      .where(eq(runId, sql.placeholder('runId')))
      .orderBy(id)
      .limit(maxStates)
      .prepare(),
    head: db.select({ id, runId, nodeId, createdAt, bytes }).from(states).where(isIt).prepare(),
    text: db
      .select({ runId, text: sql<unknown>`substr(${stateData}, 1, ${sql.placeholder('maxCharacters')})` })
      .from(states)
      .where(isIt)
      .prepare(),
  }
}
