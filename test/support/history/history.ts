import type Database from 'better-sqlite3'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { connect } from '../store/store.ts'

/** A run of the history that began at a moment. Those of one moment are told apart by their order. */
export type PastRun = { id: string; startedAt: number | string; status?: string; agent?: string }

/** Keys go after a day, whatever becomes of their runs. These are of the day on which the test clock begins. */
const keyAt = toDatetime(Date.UTC(2026, 10, 22, 16))

/** What belongs to a run that the dashboard sent, and to one that the Python program carried out, all of it at once. */
export function insertPast({ db }: { db: string }, runs: PastRun[]): void {
  const sqlite = connect(db)
  const run = sqlite.prepare(
    `INSERT INTO workflow_runs (id, workflow_name, agent_id, status, inputs, outputs, started_at, duration_seconds, total_tokens, schema_hash)
     VALUES (@id, @agent, @agent, @status, '{}', '{}', @at, 1.5, 10, 'hash of ' || @agent)`,
  )
  const parts = [
    `INSERT INTO run_events (run_id, at, kind, attempt) VALUES (@id, @at, 'accepted', 0), (@id, @at, 'completed', 1)`,
    `INSERT INTO run_exchanges (run_id, attempt, at, method, url, duration_ms, request_headers)
       VALUES (@id, 1, @at, 'POST', 'http://x/run', 1, '{}')`,
    `INSERT INTO run_keys (key, run_id, inputs_hash, created_at) VALUES ('key of ' || @id, @id, '', '${keyAt}')`,
    `INSERT INTO execution_states (run_id, node_id, state_data, created_at) VALUES (@id, 'a', '{}', @at), (@id, 'b', '{}', @at)`,
  ].map((sql) => sqlite.prepare(sql))
  sqlite.transaction(() => {
    for (const { id, startedAt, status = 'completed', agent = 'writer' } of runs) {
      const at = typeof startedAt === 'number' ? toDatetime(startedAt) : startedAt
      run.run({ id, agent, status, at })
      for (const part of parts) part.run({ id, at })
    }
  })()
}

/** Where something of a run can stand. */
const tablesOfRuns = {
  workflow_runs: 'id',
  run_index: 'run_id',
  run_states: 'run_id',
  execution_states: 'run_id',
  run_events: 'run_id',
  run_exchanges: 'run_id',
  run_keys: 'run_id',
}

/** The runs of which something stands in each table, by their ids. */
function traces(sqlite: Database.Database): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(tablesOfRuns).map(([table, column]) => [
      table,
      sqlite.prepare(`SELECT DISTINCT ${column} FROM ${table} ORDER BY ${column}`).pluck().all() as string[],
    ]),
  )
}

/** That nothing is left but what belongs to these runs, all of that, and sums that agree. */
export function expectOnly(
  db: string,
  ids: string[],
  expect: (actual: unknown) => { toEqual(expected: unknown): void },
) {
  const sqlite = connect(db)
  const wanted = [...ids].sort()
  expect(traces(sqlite)).toEqual(Object.fromEntries(Object.keys(tablesOfRuns).map((table) => [table, wanted])))
  const counts = (sql: string) => sqlite.prepare(sql).all()
  for (const [table, ms] of [
    ['run_days', 353_894_400_000],
    ['run_hours', 14_745_600_000],
  ] as const) {
    expect(
      counts(`SELECT at, status, sum(runs) AS runs, sum(tokens) AS tokens FROM ${table} GROUP BY at, status`),
    ).toEqual(
      counts(
        `SELECT seq / ${ms} AS at, status, count(*) AS runs, sum(tokens) AS tokens FROM run_index GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
    )
  }
}
