import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { FaultListener } from '../../../src/store/faults/reports.ts'
import { openSqliteStore, type SqliteStore } from '../../../src/store/sqlite/store.ts'
import { createTestClock, type TestClock } from '../clock.ts'
import { temporaryFile } from '../temporary.ts'
import { isAboutFile } from './database.ts'
import { copyEmptyDatabase } from './migrated-file.ts'

export type OpenedStore = {
  store: SqliteStore
  clock: TestClock
  path: string
  /** What the store reported about the file, in that order. */
  reports: Parameters<FaultListener>[]
}

/** A store on a file, by default a fresh one, and its clock; closed when the test ends. */
export function openTestStore(path = emptyFile()): OpenedStore {
  isAboutFile()
  const clock = createTestClock()
  const reports: OpenedStore['reports'] = []
  const store = openSqliteStore(path, clock, (...report) => reports.push(report))
  onTestFinished(() => store.close())
  return { store, clock, path, reports }
}

function emptyFile(): string {
  const path = temporaryFile()
  copyEmptyDatabase(path)
  return path
}

/** A connection of its own to a database file, as another program has one; closed when the test ends. On PostgreSQL the test ends. */
export function connect(path: string): Database.Database {
  isAboutFile()
  const sqlite = new Database(path)
  sqlite.pragma('foreign_keys = OFF')
  onTestFinished(() => {
    sqlite.close()
  })
  return sqlite
}
