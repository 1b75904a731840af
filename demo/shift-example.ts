import Database from 'better-sqlite3'
import { fromDatetime, toDatetime } from '../src/store/sqlite/sql/datetime.ts'

const newestRunAgeMs = 2 * 60_000

/**
 * Moves every time in an example database by the same amount, so that its newest run began two minutes before `now`
 * (milliseconds since 1970). Nobody else may have the file open.
 */
export function shiftToNow(dbPath: string, now: number): void {
  const sqlite = new Database(dbPath, { fileMustExist: true })
  try {
    const newest = fromDatetime(sqlite.prepare('SELECT max(started_at) FROM workflow_runs').pluck().get())
    if (Number.isNaN(newest)) throw new Error(`${dbPath} holds no runs.`)
    const byMs = now - newestRunAgeMs - newest
    sqlite.function('shifted', { deterministic: true }, (time) =>
      time === null ? null : toDatetime(fromDatetime(time) + byMs),
    )
    sqlite.exec(`
      BEGIN;
      UPDATE workflow_runs SET
        started_at = shifted(started_at), completed_at = shifted(completed_at), sent_at = shifted(sent_at);
      UPDATE execution_states SET created_at = shifted(created_at);
      UPDATE agents SET registered_at = shifted(registered_at), last_heartbeat = shifted(last_heartbeat);
      -- By way of times below zero, as each time may be the earlier one of another row.
      UPDATE health_checks SET at = -(at + ${byMs});
      UPDATE health_checks SET at = -at;
      UPDATE health_rollups SET at = -(at + ${byMs} - (at + ${byMs}) % (span * 1000));
      UPDATE health_rollups SET at = -at;
      UPDATE health_incidents SET started_at = started_at + ${byMs}, ended_at = ended_at + ${byMs};
      COMMIT;`)
  } finally {
    sqlite.close()
  }
}
