import Database from 'better-sqlite3'
import type { Clock } from '../../../shared/clock.ts'
import { StoreOpenError } from '../../../shared/errors.ts'
import type { AccessStore } from '../../ports/access.ts'
import { isInUse } from '../file/lock.ts'
import { knownMigrations, newestMigration } from '../file/migrate.ts'
import { openError } from '../file/open-error.ts'
import { realFile } from '../file/start-checks.ts'
import { drizzle } from '../sql/drizzle.ts'
import { openSqliteStore } from '../store.ts'
import { createAccessStore } from './store.ts'

const busyTimeoutMs = 10_000

/** Users of a file that a dashboard may be using at this time. Throws StoreOpenError. */
export function openAccessBeside(path: string, clock: Clock): { access: AccessStore; close(): Promise<void> } {
  const file = realFile(path)
  return isInUse(file) ? openInUse(file) : openSqliteStore(file, clock)
}

/** The dashboard that uses the file has its lock, and keeps the tables. */
function openInUse(file: string): { access: AccessStore; close(): Promise<void> } {
  const sqlite = new Database(file, { timeout: busyTimeoutMs, fileMustExist: true })
  try {
    if (newestMigration(sqlite) !== knownMigrations().at(-1)!.folderMillis) {
      throw new StoreOpenError('A dashboard of another version is using the database. Stop it, or use its own version.')
    }
  } catch (error) {
    sqlite.close()
    throw openError(error, file)
  }
  const dataVersion = sqlite.prepare<[], number>('PRAGMA data_version').pluck()
  const access = createAccessStore({
    db: drizzle(sqlite),
    othersVersion: () => dataVersion.get()!,
    write: async (change) => sqlite.transaction(change).immediate(),
  })
  return { access, close: async () => void sqlite.close() }
}
