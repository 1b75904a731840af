import { createRunSummaries } from '../../../src/store/sqlite/runs/summaries.ts'
import { createRunTable as createTable } from '../../../src/store/sqlite/runs/table.ts'
import { workflowRuns } from '../../../src/store/sqlite/sql/schema/runs.ts'
import type { SqliteStore } from '../../../src/store/sqlite/store.ts'

export type NewRunRow = typeof workflowRuns.$inferInsert

/** The runs of a file: read without waiting, and rows as any program might write them. */
export function createRunTable({ db, write }: Pick<SqliteStore, 'db' | 'write'>) {
  const { get, events, exchanges } = createTable({ db })
  const { unfinished } = createRunSummaries({ db })
  return {
    ...{ get, events, exchanges, unfinished },
    insert: (row: NewRunRow) => write(() => db.insert(workflowRuns).values(row).returning().get()),
  }
}
