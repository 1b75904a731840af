import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StoreOpenError } from '../../../shared/errors.ts'
import { identityOf } from '../log/file.ts'
import type { LogRecord } from '../log/owner.ts'
import { isBusy } from './errors.ts'
import { createPrivateFile } from './private-file.ts'

export type DashboardLock = {
  recalled: LogRecord | undefined
  remember(record: LogRecord): void
  release(): void
  undo(): void
}

const usualAdvice = 'Use that one, or start this one with another --db file.'

/** Two dashboards would take up each other's unfinished runs. The lock file is separate, so Python is not shut out.
 * Throws StoreOpenError, with `advice` where another process holds the lock. */
export function lockForDashboard(path: string, advice = usualAdvice): DashboardLock {
  const lockPath = `${path}.lock`
  const isNew = createPrivateFile(lockPath)
  const undo = () => {
    if (isNew) rmSync(lockPath, { force: true })
  }
  const lock = lockedOr(undo, lockPath)
  if (!lock) throw alreadyRunning(path, advice)
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

function lockedOr(undo: () => void, lockPath: string): Database.Database | undefined {
  try {
    if (isForeign(lockPath)) {
      throw new StoreOpenError(`${lockPath} belongs to another program. Move it away, or use another --db file.`)
    }
    return lockedExclusively(lockPath)
  } catch (error) {
    undo()
    throw error
  }
}

export function isInUse(path: string): boolean {
  const lockPath = `${existsSync(path) ? realpathSync(path) : path}.lock`
  if (!existsSync(lockPath) || isForeign(lockPath)) return false
  const lock = lockedExclusively(lockPath)
  lock?.close()
  return lock === undefined
}

/** For a file with several names, by hard links. */
export function lockInode(path: string, advice = usualAdvice): () => void {
  const lockPath = join(tmpdir(), `configurable-agents-${identityOf(statSync(path))}.lock`)
  try {
    createPrivateFile(lockPath)
    if (!isOurFile(lockPath)) return () => {}
    const lock = lockedExclusively(lockPath)
    if (!lock) throw alreadyRunning(path, advice)
    return () => {
      rmSync(lockPath, { force: true })
      lock.close()
    }
  } catch (error) {
    if (error instanceof StoreOpenError) throw error
    return () => {}
  }
}

/** In a shared folder somebody may have put a link to another file of this user. */
function isOurFile(path: string): boolean {
  const stats = lstatSync(path)
  return stats.isFile() && (process.getuid === undefined || stats.uid === process.getuid())
}

const alreadyRunning = (path: string, advice: string): StoreOpenError =>
  new StoreOpenError(`Another dashboard is already running on ${path}. ${advice}`)

/** Undefined where another process holds it. */
function lockedExclusively(path: string): Database.Database | undefined {
  try {
    return opened(path)
  } catch (error) {
    if (isBusy(error)) return undefined
    if (!/^SQLITE_(NOTADB|CORRUPT)/.test(String((error as { code?: unknown }).code))) throw error
    truncateSync(path)
    return opened(path)
  }
}

const magic = Buffer.from('SQLite format 3\0')

/** Whether another program made it: a lock of ours begins as SQLite's files do, or with zeros where its maker was killed. */
function isForeign(path: string): boolean {
  const start = startOf(path)
  return !start.equals(magic.subarray(0, start.length)) && start.some((byte) => byte !== 0)
}

/** Nothing of what cannot be read: opening it says why. */
function startOf(path: string): Buffer {
  const start = Buffer.alloc(magic.length)
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    return start.subarray(0, readSync(file, start, 0, start.length, 0))
  } catch {
    return Buffer.alloc(0)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function opened(path: string): Database.Database {
  const lock = new Database(path, { timeout: 0 })
  try {
    // The first write takes the lock, and no commit gives it back.
    lock.pragma('locking_mode = EXCLUSIVE')
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
