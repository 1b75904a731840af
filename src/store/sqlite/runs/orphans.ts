import type { Store } from '../file/open.ts'
import { toDatetime } from '../sql/datetime.ts'
import { createUnusedSchemas } from './unused-schemas.ts'

const maxRowsInStep = 100
const how = { isSilent: true, isRepeatable: true }

type Table = 'run_events' | 'run_exchanges'

export function createOrphans(file: Store, now: () => number) {
  const { db, write } = file
  const deleteKeys = db.$client.prepare(
    `DELETE FROM run_keys WHERE key IN (SELECT key FROM run_keys WHERE created_at < ? LIMIT ${maxRowsInStep})`,
  )
  const statements = { run_events: statementsFor(db, 'run_events'), run_exchanges: statementsFor(db, 'run_exchanges') }

  return {
    deleteKeys: (before: number): Promise<boolean> =>
      write(() => deleteKeys.run(toDatetime(before)).changes === maxRowsInStep, how),

    /** What was recorded for runs that are gone. Resolves to the id to continue after; undefined at the end. */
    deleteWithoutRun: (table: Table, after: number): Promise<number | undefined> =>
      write(() => {
        const to = statements[table].last.get(after) ?? undefined
        if (to !== undefined) statements[table].delete.run(after, to)
        return to
      }, how),

    deleteSchemas: createUnusedSchemas(file, now),
  }
}

function statementsFor({ $client: sqlite }: Store['db'], table: Table) {
  return {
    last: sqlite
      .prepare<[number], number | null>(
        `SELECT max(id) FROM (SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT ${maxRowsInStep})`,
      )
      .pluck(),
    delete: sqlite.prepare(
      `DELETE FROM ${table} WHERE id > ? AND id <= ?
         AND NOT EXISTS (SELECT 1 FROM workflow_runs WHERE workflow_runs.id = ${table}.run_id)`,
    ),
  }
}
