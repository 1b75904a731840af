import { existsSync, lstatSync, realpathSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StoreOpenError } from '../../../shared/errors.ts'
import { identityOf } from '../log/file.ts'
import type { LogRecord } from '../log/owner.ts'
import { createPrivateFile } from './private-file.ts'
import { isBusy } from './writer.ts'

export type DashboardLock = {
  /** What was last seen of the log of this file, by whoever had the lock before. */
  recalled: LogRecord | undefined
  /** Keeps what is seen of the log, for the next one who has the lock. */
  remember(record: LogRecord): void
  release(): void
  /** Releases it, and removes the lock file if there was none before. */
  undo(): void
}

/**
 * Makes this process the only dashboard of a database file, until it ends, however it ends: two of them would each
 * take up the other's unfinished runs. The lock is one that the operating system takes back when a process dies, on
 * a file of its own beside the database, so that the Python program is not shut out.
 */
export function lockForDashboard(path: string): DashboardLock {
  const lockPath = `${path}.lock`
  const isNew = createPrivateFile(lockPath)
  const undo = () => {
    if (isNew) rmSync(lockPath, { force: true })
  }
  const lock = lockedOr(undo, lockPath)
  if (!lock) throw alreadyRunning(path)
  const keep = lock.prepare<[string]>('INSERT OR REPLACE INTO log VALUES (1, ?)')
  return {
    recalled: recordIn(lock),
    remember: (record) => void keep.run(JSON.stringify(record)),
    release: () => void lock.close(),
    undo() {
      undo()
      lock.close()
    },
  }
}

/** Leaves no file behind where there is no room for the lock, or no leave to make it. */
function lockedOr(undo: () => void, lockPath: string): Database.Database | undefined {
  try {
    return lockedExclusively(lockPath)
  } catch (error) {
    undo()
    throw error
  }
}

/** Whether a dashboard runs on the file. */
export function isInUse(path: string): boolean {
  const lockPath = `${existsSync(path) ? realpathSync(path) : path}.lock`
  if (!existsSync(lockPath)) return false
  const lock = lockedExclusively(lockPath)
  lock?.close()
  return lock === undefined
}

/**
 * The same for the file itself, whatever name it goes by: one that has a second name, by a hard link, has a lock file
 * and a log for each. It is only as good as the folder for temporary files, where that cannot be used there is none.
 */
export function lockInode(path: string): () => void {
  const lockPath = join(tmpdir(), `configurable-agents-${identityOf(statSync(path))}.lock`)
  try {
    createPrivateFile(lockPath)
    if (!isOurFile(lockPath)) return () => {}
    const lock = lockedExclusively(lockPath)
    if (!lock) throw alreadyRunning(path)
    return () => {
      rmSync(lockPath, { force: true })
      lock.close()
    }
  } catch (error) {
    if (error instanceof StoreOpenError) throw error
    return () => {}
  }
}

/** In a folder that all may write to, somebody may have put a link that leads to another file of this user. */
function isOurFile(path: string): boolean {
  const stats = lstatSync(path)
  return stats.isFile() && (process.getuid === undefined || stats.uid === process.getuid())
}

const alreadyRunning = (path: string): StoreOpenError =>
  new StoreOpenError(
    `Another dashboard is already running on ${path}. Use that one, or start this one with another --db file.`,
  )

/** A database that this process alone has open from now on; undefined where another one has. */
function lockedExclusively(path: string): Database.Database | undefined {
  try {
    return opened(path)
  } catch (error) {
    if (isBusy(error)) return undefined
    // Nobody has it: whoever had would have found the same. It was cut short as its maker was killed, or is not ours.
    if (!/^SQLITE_(NOTADB|CORRUPT)/.test(String((error as { code?: unknown }).code))) throw error
    truncateSync(path)
    return opened(path)
  }
}

function opened(path: string): Database.Database {
  const lock = new Database(path, { timeout: 0 })
  try {
    // The first write takes the lock, and no commit gives it back.
    lock.pragma('locking_mode = EXCLUSIVE')
    // In memory, or a journal file would stand beside the lock file. What is lost with the power is only a memory.
    lock.pragma('journal_mode = MEMORY')
    lock.pragma('synchronous = OFF')
    lock.exec('BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, record TEXT NOT NULL); COMMIT')
    return lock
  } catch (error) {
    lock.close()
    throw error
  }
}

function recordIn(lock: Database.Database): LogRecord | undefined {
  const text = lock.prepare<[], string>('SELECT record FROM log').pluck().get()
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
