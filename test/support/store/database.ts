import { TestRunner } from 'vitest'
import type { Overrides } from '../../../src/app.ts'
import { isPostgres } from '../../../src/config/database.ts'
import { type Clock, systemClock } from '../../../src/shared/time/clock.ts'
import type { FaultListener } from '../../../src/store/faults/reports.ts'
import type { Store } from '../../../src/store/ports.ts'
import { sql } from '../../../src/store/postgres/sql/drizzle.ts'
import { openPostgresStore, type PostgresStore } from '../../../src/store/postgres/store.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { testDatabase } from '../postgres/database.ts'
import { temporaryFile } from '../temporary.ts'
import { copyEmptyDatabase } from './migrated-file.ts'
import { isOnPostgres } from './which.ts'

/** What `--db` names: a database that has our tables and no rows, for as long as the test runs. */
export async function freshDatabase(): Promise<string> {
  if (isOnPostgres) return (await testDatabase()).url
  const path = temporaryFile()
  copyEmptyDatabase(path)
  return path
}

function leaveOutOnPostgres(reason: string): void {
  if (isOnPostgres) TestRunner.getCurrentTest()?.context.skip(reason)
}

/** The test is about a SQLite file: it is left out where tests run on PostgreSQL. */
export const isAboutFile = () => leaveOutOnPostgres('It is about a SQLite file.')

/** For a test whose agents must have no checks on record but its own. */
export const hasNoCheckOfItsOwn = () =>
  leaveOutOnPostgres('There the check of a registration is recorded while nobody watches.')

/** Dashboards on one database have to be given theirs. */
export const sharedKey = 'ab'.repeat(32)

/** Carries out the runs that tests add as under way, until a dashboard is started anew. */
export const anotherProgram = 'another program'

const opened = new Map<string, Store>()

/** The store as the program opens it: what `openStore` of a test is to begin with. */
export const openGivenStore: NonNullable<Overrides['openStore']> = async (db, ...rest) => {
  const store = isPostgres(db) ? await openPostgres(db, ...rest) : openSqliteStore(db, ...rest)
  const { close } = store
  Object.assign(store, {
    close() {
      if (opened.get(db) === store) opened.delete(db)
      return close()
    },
  })
  opened.set(db, store)
  return store
}

/** Its connections live in real time, though the clock of a test stands still or leaps. */
async function openPostgres(db: string, clock: Clock, onFault?: FaultListener): Promise<PostgresStore> {
  const store = await openPostgresStore(db, { ...clock, after: systemClock.after }, onFault)
  await store.write((session) => session.run(sql`DELETE FROM dashboards WHERE name = ${anotherProgram}`))
  return store
}

/** The store that an app has open: what is stored, whichever store it is. */
export const storeOf = ({ db }: { db: string }): Store => opened.get(db)!

/** What is written there is seen by the app at once. */
export const openedPostgres = (db: string) =>
  isPostgres(db) ? (opened.get(db) as PostgresStore | undefined) : undefined
