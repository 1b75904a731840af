import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type { Clock } from '../clock.ts'
import { StoreOpenError } from '../errors.ts'
import { createCheckpoints } from './checkpoints.ts'
import { missingPart } from './completeness.ts'
import { drizzle } from './drizzle.ts'
import { createFaultState, type FaultListener, type FaultState, type StorageFault } from './fault-state.ts'
import { watchFile } from './file-watch.ts'
import { lockForDashboard } from './lock.ts'
import { migrate } from './migrate.ts'
import { createWriter, isBusy, type Writer } from './writer.ts'

/** A lock held by another program freezes this one for as long; longer waits are asynchronous (see writer.ts). */
const busyTimeoutMs = 20
/** While starting there is nothing to freeze yet. */
const startBusyTimeoutMs = 10_000

export type Store = {
  /** `$client` is the connection itself, for what drizzle has no words for. */
  db: BetterSQLite3Database & { $client: Database.Database }
  path: string
  write: Writer['write']
  /** Differs from an earlier value whenever anyone has changed the database in between. */
  revision(): string
  /** Resolves when the log is small enough to go on. Who writes much waits for that, or the log outgrows the file. */
  checkpointed(): Promise<void>
  /** Why nothing can be written now, though what was written may be read; undefined while all is well. */
  fault(): StorageFault | undefined
  /** Resolves when nothing keeps the file from being written any more, or when the store is closed. */
  writable(): Promise<void>
  /** Gives what to tell of an error that a query met: StorageFaultError where the file is at fault, else the error. */
  explain(error: unknown): unknown
  close(): Promise<void>
}

/**
 * Opens the database at `path`, makes it or adopts it, whoever wrote it first. Throws StoreOpenError with a sentence
 * for the person who started the program; a file that is refused is left as it was.
 */
export function openStore(path: string, clock: Clock, onFault: FaultListener = () => {}): Store {
  // One file reached by two paths must not get two locks.
  const file = existsSync(path) ? realpathSync(path) : resolve(path)
  refuseWrongPlace(file)
  refuseForeignFile(file)
  try {
    return openLocked(file, clock, onFault)
  } catch (error) {
    throw spoken(error, file)
  }
}

function openLocked(file: string, clock: Clock, onFault: FaultListener): Store {
  const unlock = lockForDashboard(file)
  const sqlite = new Database(file, { timeout: startBusyTimeoutMs })
  try {
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = FULL')
    // The Python program leaves them off too: removing a run must not fail on its execution states.
    sqlite.pragma('foreign_keys = OFF')
    migrate(sqlite)
    sqlite.pragma(`busy_timeout = ${busyTimeoutMs}`)
  } catch (error) {
    sqlite.close()
    unlock()
    throw error
  }
  const checkpoints = createCheckpoints(sqlite)
  const probe = sqlite.prepare(
    `INSERT INTO dashboard_state (key, value) VALUES ('written_at', ?) ON CONFLICT DO UPDATE SET value = excluded.value`,
  )
  const faults: FaultState = createFaultState({
    file,
    clock,
    look: watchFile(file),
    isComplete: () => missingPart(sqlite) === undefined,
    tryToWrite: () => writer.write(() => probe.run(String(clock.now())), { isSilent: true }),
    onChange: onFault,
  })
  const writer = createWriter({ sqlite, clock, faults, onCommit: checkpoints.consider })
  const dataVersion = sqlite.prepare('PRAGMA data_version').pluck()
  return {
    db: drizzle(sqlite),
    path: file,
    write: writer.write,
    revision: () => `${dataVersion.get()}.${writer.changes()}`,
    checkpointed: checkpoints.caughtUp,
    fault: faults.current,
    writable: faults.over,
    explain: faults.met,
    async close() {
      await writer.idle()
      faults.close()
      await checkpoints.close()
      sqlite.close()
      unlock()
    },
  }
}

function refuseWrongPlace(file: string): void {
  if (!existsSync(dirname(file)))
    throw new StoreOpenError(`The folder ${dirname(file)} does not exist. Create it first.`)
  if (existsSync(file) && !statSync(file).isFile()) throw new StoreOpenError(`${file} is not a file.`)
}

function refuseForeignFile(file: string): void {
  if (!existsSync(file) || statSync(file).size === 0) return
  let names: string[]
  try {
    // A read-only connection leaves a -wal and a -shm file behind; one that may write would carry out what others left.
    const isLeftOpen = existsSync(`${file}-wal`) || existsSync(`${file}-journal`)
    const reader = new Database(file, { readonly: isLeftOpen, fileMustExist: true, timeout: startBusyTimeoutMs })
    names = reader.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
    reader.close()
  } catch (error) {
    throw spoken(error, file)
  }
  if (names.includes('executions') && names.includes('deployments')) {
    throw new StoreOpenError(
      `${file} belongs to a newer generation of configurable-agents that this dashboard cannot read. It was not changed; use another --db file.`,
    )
  }
}

function spoken(error: unknown, file: string): unknown {
  if (isBusy(error)) return new StoreOpenError(`${file} is locked by another program. Try again when it has finished.`)
  switch ((error as { code?: unknown }).code) {
    case 'SQLITE_NOTADB':
      return new StoreOpenError(`${file} is not an SQLite database. It was not changed; use another --db file.`)
    case 'SQLITE_CORRUPT':
      return new StoreOpenError(`${file} is damaged and cannot be read. It was not changed.`)
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      return new StoreOpenError(`${file} cannot be opened for writing. Check its permissions and those of its folder.`)
    default:
      return error
  }
}
