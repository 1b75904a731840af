import Database from 'better-sqlite3'
import { fromDatetime, toDatetime } from '../src/store/datetime.ts'

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
      UPDATE agents SET registered_at = shifted(registered_at), last_heartbeat = shifted(last_heartbeat);
      COMMIT;`)
  } finally {
    sqlite.close()
  }
}
