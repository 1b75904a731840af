import Database from 'better-sqlite3'
import { isPostgres } from '../../../src/config/database.ts'
import type { RunRecord } from '../../../src/store/ports/runs.ts'
import { sql } from '../../../src/store/postgres/sql/drizzle.ts'
import type { TestApp } from '../app.ts'
import { storeOf } from '../store/database.ts'
import { openTestPostgres } from '../store/postgres.ts'

/** All runs as they are stored, by their ids. */
export async function storedRuns(app: TestApp): Promise<RunRecord[]> {
  const { payload } = await app.inject('/runs/export?format=ndjson')
  const ids = payload.split('\n').flatMap((line): string[] => (line ? [JSON.parse(line).run_id] : []))
  const found = await Promise.all(ids.sort().map((id) => storeOf(app).runs.get(id)))
  return found.filter((run) => run !== undefined)
}

export const storedIds = async (app: TestApp): Promise<string[]> => (await storedRuns(app)).map(({ id }) => id)

/** Of all runs, oldest first: of dashboards that are processes, and may have ended. */
export async function statusesIn(db: string): Promise<string[]> {
  if (isPostgres(db)) {
    const { store } = await openTestPostgres({ url: db })
    return (await store.ask.rows<{ status: string }>(sql`SELECT status FROM runs ORDER BY seq`)).map(
      (run) => run.status,
    )
  }
  const file = new Database(db, { readonly: true })
  const statuses = file.prepare('SELECT status FROM workflow_runs ORDER BY started_at, id').pluck().all()
  file.close()
  return statuses as string[]
}
