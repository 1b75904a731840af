import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { storeOf } from '../store/database.ts'
import { writeAsPython } from '../store/python-rows.ts'

type Column =
  | 'id'
  | 'workflow_name'
  | 'status'
  | 'inputs'
  | 'outputs'
  | 'error_message'
  | 'started_at'
  | 'completed_at'
  | 'duration_seconds'
  | 'total_tokens'
  | 'total_cost_usd'
  | 'agent_id'
  | 'agent_workflow'
  | 'agent_url'
  | 'job_id'
  | 'started_by_name'
  | 'bottleneck_info'
export type StoredRun = Partial<Record<Column, string | number | null>>

const columns: Column[] = [
  'id',
  'workflow_name',
  'status',
  'inputs',
  'outputs',
  'error_message',
  'started_at',
  'completed_at',
  'duration_seconds',
  'total_tokens',
  'total_cost_usd',
  'agent_id',
  'agent_workflow',
  'agent_url',
  'job_id',
  'started_by_name',
  'bottleneck_info',
]

/** The moment at which run number `index` of `insertRuns` began, as it stands in the database. */
export const startOf = (index: number): string => toDatetime(Date.UTC(2026, 10, 20, 8) + index * 60_000)

/** Puts runs into the database, each a minute after the one before: completed local runs, unless said otherwise. */
export async function insertRuns({ db }: { db: string }, runs: StoredRun[]): Promise<void> {
  const nothing = Object.fromEntries(columns.map((column) => [column, null]))
  await writeAsPython(db, (file) => {
    const insert = file.prepare(
      `INSERT INTO workflow_runs (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`,
    )
    runs.forEach((run, index) => {
      const usual = { id: `run-${index}`, workflow_name: 'report', status: 'completed', started_at: startOf(index) }
      insert.run({ ...nothing, ...usual, ...run })
    })
  })
}

/** A run that goes on ends, as it does when its program says so. */
export async function completeRun(app: { db: string }, id: string, durationSeconds: number): Promise<void> {
  await storeOf(app).runs.change(id, ({ startedAt, attempt }) => {
    const at = startedAt + durationSeconds * 1000
    return {
      change: { status: 'completed', completedAt: at, durationSeconds },
      event: { kind: 'completed', attempt, at },
    }
  })
}
