import type Database from 'better-sqlite3'
import { type ChangedRuns, createChangedRuns } from '../../history/changed-runs.ts'

const tell = 'SELECT run_changed(seq) FROM run_index WHERE run_id = NEW.id'
const triggers = {
  told_of_added: 'INSERT ON main.run_index BEGIN SELECT run_changed(NEW.seq)',
  told_of_changed: 'UPDATE ON main.run_index BEGIN SELECT run_changed(OLD.seq), run_changed(NEW.seq)',
  told_of_removed: 'DELETE ON main.run_index BEGIN SELECT run_changed(OLD.seq)',
  told_of_rewritten: `UPDATE OF inputs, outputs, error_message ON main.workflow_runs BEGIN ${tell}`,
}

/** Hears of what this connection changes. */
export function watchChangedRuns(sqlite: Database.Database, othersVersion: () => number): ChangedRuns {
  const runs = createChangedRuns(othersVersion)
  sqlite.function('run_changed', (seq) => {
    runs.changed(Number(seq))
    return null
  })
  for (const [name, rest] of Object.entries(triggers)) sqlite.exec(`CREATE TEMP TRIGGER ${name} AFTER ${rest}; END`)
  return runs
}
