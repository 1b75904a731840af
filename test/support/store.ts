import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { openStore, type Store } from '../../src/store/open.ts'
import { createTestClock, type TestClock } from './clock.ts'
import { temporaryFile } from './temporary.ts'

/** A store on a file, by default a fresh one, and its clock; closed when the test ends. */
export function openTestStore(path = temporaryFile()): { store: Store; clock: TestClock; path: string } {
  const clock = createTestClock()
  const store = openStore(path, clock)
  onTestFinished(() => store.close())
  return { store, clock, path }
}

/** A connection of its own to a database file, as another program has one; closed when the test ends. */
export function connect(path: string): Database.Database {
  const sqlite = new Database(path)
  sqlite.pragma('foreign_keys = OFF')
  onTestFinished(() => {
    sqlite.close()
  })
  return sqlite
}
