import Database from 'better-sqlite3'
import { StoreOpenError } from '../../../shared/errors.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { AccessStore } from '../../ports/access.ts'
import type { AuditStore } from '../../ports/audit.ts'
import { createAuditStore } from '../audit/store.ts'
import { isInUse } from '../file/lock.ts'
import { knownMigrations, newestMigration } from '../file/migrate.ts'
import type { Store } from '../file/open.ts'
import { openError } from '../file/open-error.ts'
import { realFile } from '../file/start-checks.ts'
import { drizzle } from '../sql/drizzle.ts'
import { openSqliteStore } from '../store.ts'
import { createAccessStore } from './store.ts'

const busyTimeoutMs = 10_000

type Beside = {
  access: AccessStore
  audit: AuditStore
  isAgent(id: string): Promise<boolean>
  close(): Promise<void>
}

/** Users of a file that a dashboard may be using at this time. Throws StoreOpenError. */
export function openAccessBeside(path: string, clock: Clock): Beside {
  const file = realFile(path)
  if (isInUse(file)) return openInUse(file)
  const { access, audit, agents, close } = openSqliteStore(file, clock)
  return { access, audit, isAgent: async (id) => (await agents.get(id)) !== undefined, close }
}

/** The dashboard that uses the file has its lock, and keeps the tables. */
function openInUse(file: string): Beside {
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
  const beside: Pick<Store, 'db' | 'write' | 'othersVersion'> = {
    db: drizzle(sqlite),
    othersVersion: () => dataVersion.get()!,
    write: async (change) => sqlite.transaction(change).immediate(),
  }
  const agent = sqlite.prepare<[string]>('SELECT 1 FROM agents WHERE agent_id = ?')
  return {
    access: createAccessStore(beside),
    audit: createAuditStore(beside),
    isAgent: async (id) => agent.get(id) !== undefined,
    close: async () => void sqlite.close(),
  }
}
