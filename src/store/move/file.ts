import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { MoveError } from '../../shared/errors.ts'
import { missingPart } from '../sqlite/file/completeness.ts'
import { createDashboardState } from '../sqlite/file/dashboard-state.ts'
import { refuseForeignFile } from '../sqlite/file/foreign-file.ts'
import { lockForDashboard, lockInode } from '../sqlite/file/lock.ts'
import { knownMigrations, migrate, newestMigration } from '../sqlite/file/migrate.ts'
import { openError } from '../sqlite/file/open-error.ts'
import { createPrivateFile } from '../sqlite/file/private-file.ts'
import { withReadableRows } from '../sqlite/file/readable.ts'
import { realFile, refuseForeignLog } from '../sqlite/file/start-checks.ts'
import { drizzle, getTableName, is, SQLiteTable } from '../sqlite/sql/drizzle.ts'
import * as schema from '../sqlite/sql/schema/tables.ts'
import { moveKey, refuseUnfinishedMove } from '../unfinished-move.ts'
import type { Changes } from './canonical.ts'
import { fileSide, fileWrites } from './file-rows.ts'
import type { Source, Target } from './side.ts'
import { refuseTwins } from './twins.ts'

const busyTimeoutMs = 10_000
const advice = 'Stop it, then move.'

/** Not ours to name: SQLite's, and what is made of other tables. */
const madeBySqlite = /^(?:sqlite_|run_search(?:_(?:data|docsize|config|content|idx))?$|__drizzle_migrations$)/
const ours = new Set(Object.values<unknown>(schema).flatMap((one) => (is(one, SQLiteTable) ? getTableName(one) : [])))
/** Of the Python program, and empty where we made it. */
ours.delete('session_state')

/** Nobody else may use the file meanwhile. Throws MoveError or StoreOpenError. */
export function openFileSource(path: string, changes: Changes): Source {
  const file = realFile(path)
  if (!existsSync(file)) throw new MoveError(`There is no database ${file}.`)
  return locked(file, () => {
    const sqlite = withReadableRows(new Database(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs }))
    try {
      refuseUnready(sqlite, file)
      refuseTwins(sqlite, file)
      // All that is read is of one moment.
      sqlite.exec('BEGIN')
      return { ...fileSide(sqlite, file, changes), refuseUse: async () => {}, others: async () => othersIn(sqlite) }
    } catch (error) {
      sqlite.close()
      throw error
    }
  })
}

/** Makes the file where there is none. Throws MoveError or StoreOpenError. */
export function openFileTarget(path: string, changes: Changes): Target {
  const file = realFile(path)
  return locked(file, () => {
    createPrivateFile(file)
    const sqlite = withReadableRows(new Database(file, { timeout: busyTimeoutMs }))
    try {
      const hasTables = sqlite.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined
      if (hasTables && !isCurrent(sqlite))
        throw new MoveError(`${file} is not empty. It was not changed; name a file that is not there.`)
      sqlite.pragma('journal_mode = WAL')
      // What a power cut takes off the end is moved again.
      sqlite.pragma('synchronous = NORMAL')
      sqlite.pragma('foreign_keys = OFF')
      migrate(sqlite)
      return { ...fileSide(sqlite, file, changes), ...fileWrites(sqlite) }
    } catch (error) {
      sqlite.close()
      throw error
    }
  })
}

function locked<Opened extends { close(): Promise<void> }>(file: string, open: () => Opened): Opened {
  const lock = lockForDashboard(file, advice)
  let unlockInode = () => {}
  const unlock = () => {
    unlockInode()
    lock.undo()
  }
  try {
    if (existsSync(file)) unlockInode = lockInode(file, advice)
    refuseForeignLog(file, lock.recalled)
    refuseForeignFile(file, busyTimeoutMs)
    const opened = open()
    return {
      ...opened,
      async close() {
        await opened.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw openError(error, file)
  }
}

const isCurrent = (sqlite: Database.Database): boolean =>
  newestMigration(sqlite) === knownMigrations().at(-1)!.folderMillis

/** What the tables hold has to be all there is, as nothing can be changed here. */
function refuseUnready(sqlite: Database.Database, file: string): void {
  const once = 'Start this version of the dashboard on it once, and stop it.'
  if (!isCurrent(sqlite) || missingPart(sqlite) !== undefined)
    throw new MoveError(`${file} is of an older version, or of the Python program alone. ${once}`)
  refuseUnfinishedMove(createDashboardState({ db: drizzle(sqlite) }).get(moveKey), file)
  const counts = sqlite
    .prepare('SELECT (SELECT count(*) FROM workflow_runs) AS runs, (SELECT count(*) FROM run_index) AS listed')
    .get() as { runs: number; listed: number }
  if (counts.runs !== counts.listed)
    throw new MoveError(
      `The history of ${file} has not been read in yet (${counts.listed} of ${counts.runs} runs). Start the dashboard on it, wait until its list of runs is complete, and stop it.`,
    )
}

function othersIn(sqlite: Database.Database): { name: string; rows: number }[] {
  const names = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all()
  return (names as string[])
    .filter((name) => !ours.has(name) && !madeBySqlite.test(name))
    .map((name) => ({
      name,
      rows: Number(
        sqlite
          .prepare(`SELECT count(*) FROM "${name.replaceAll('"', '""')}"`)
          .pluck()
          .get(),
      ),
    }))
    .filter(({ name, rows }) => rows > 0 || name !== 'session_state')
}
