import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { BackupError, StoreOpenError } from '../../../shared/errors.ts'
import { isBusy } from '../file/errors.ts'
import { refuseForeignFile } from '../file/foreign-file.ts'
import { lockForDashboard, lockInode } from '../file/lock.ts'
import { openError } from '../file/open-error.ts'
import { createPrivateFile } from '../file/private-file.ts'
import { hasOwnLog, realFile } from '../file/start-checks.ts'
import { asideNames, moveLogAside, replaceFile } from '../log/set-aside.ts'
import { backUp } from './backup.ts'

/** `kept` is where the old file is now, `keptLog` a log that belonged to neither. */
export type Restored = { bytes: number; kept: string | undefined; keptLog: string | undefined }

const busyTimeoutMs = 2000
const advice = 'Stop it, then restore.'

/** Replaces the database in one step, keeping the old file. Throws BackupError or StoreOpenError; then nothing has
 * changed. */
export async function restore(backup: string, path: string, now: number): Promise<Restored> {
  const file = realFile(path)
  if (!existsSync(backup)) throw new BackupError(`There is no backup ${backup}.`)
  if (!statSync(backup).isFile()) throw new BackupError(`${backup} is not a file.`)
  refuseUnreadable(backup)
  try {
    return await restoreTo(file, backup, now)
  } catch (error) {
    throw error instanceof BackupError ? error : openError(error, file)
  }
}

async function restoreTo(file: string, backup: string, now: number): Promise<Restored> {
  const lock = lockForDashboard(file, advice)
  let unlockInode = () => {}
  const copy = `${file}.restoring`
  try {
    if (existsSync(file)) unlockInode = lockInode(file, advice)
    const isOwnLog = hasOwnLog(file, lock.recalled)
    if (isOwnLog && isSame(backup, file)) throw new BackupError(`${backup} is the database itself.`)
    removeCopy(copy)
    await makeCopy(realpathSync(backup), copy)
    checkCopy(copy, backup)
    chmodSync(copy, existsSync(file) ? statSync(file).mode & 0o777 : 0o600)
    toDisk(copy)

    refuseOtherPrograms(file, isOwnLog)
    const names = asideNames(file, now)
    const isComplete = isOwnLog && endLog(file)
    const keptLog = isComplete ? undefined : moveLogAside(file, isOwnLog ? names.file : names.log)
    const kept = replaceFile(copy, file, names.file)
    toDisk(dirname(file))
    return { bytes: statSync(file).size, kept, keptLog: isOwnLog ? undefined : keptLog }
  } finally {
    removeCopy(copy)
    unlockInode()
    lock.undo()
  }
}

function refuseUnreadable(backup: string): void {
  try {
    accessSync(backup, constants.R_OK)
  } catch {
    throw new BackupError(`${backup} cannot be read. Check its permissions.`)
  }
}

const isSame = (one: string, other: string): boolean =>
  existsSync(other) && statSync(one).ino === statSync(other).ino && statSync(one).dev === statSync(other).dev

async function makeCopy(backup: string, copy: string): Promise<void> {
  createPrivateFile(copy)
  const isInUse = existsSync(`${backup}-wal`) && hasOwnLog(backup, undefined)
  // Without a log the bytes are enough: a backup may be where SQLite cannot create a file.
  if (isInUse) {
    rmSync(copy)
    await backUp(backup, copy)
  } else copyFileSync(backup, copy)
}

function checkCopy(copy: string, backup: string): void {
  try {
    refuseForeignFile(copy, busyTimeoutMs, backup)
    const sqlite = new Database(copy)
    try {
      const verdict = String(sqlite.pragma('integrity_check(1)', { simple: true })).replaceAll('\n', ' ')
      if (verdict !== 'ok') throw new BackupError(`${backup} is damaged, so nothing was restored: ${verdict}.`)
      const isEmpty = !sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'workflow_runs'").get()
      if (isEmpty) throw new BackupError(`${backup} holds no runs table, so nothing was restored.`)
    } finally {
      sqlite.close()
    }
  } catch (error) {
    if (error instanceof BackupError || error instanceof StoreOpenError) throw error
    const { code, message } = error as Error & { code?: string }
    if (code === 'SQLITE_NOTADB') throw new BackupError(`${backup} is not an SQLite database, so nothing was restored.`)
    throw new BackupError(`${backup} is damaged, so nothing was restored: ${message}.`)
  }
}

/** A mistyped name must not move somebody else's file. A damaged one is what backups are for. */
function refuseOtherPrograms(file: string, isOwnLog: boolean): void {
  try {
    if (isOwnLog) refuseForeignFile(file, busyTimeoutMs)
  } catch (error) {
    if (!isDamaged(error)) throw error
  }
}

const isDamaged = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code))

/** Finds other programs, as it needs the file alone. False where the file is damaged. */
function endLog(file: string): boolean {
  if (!existsSync(file)) return true
  const sqlite = new Database(file, { timeout: busyTimeoutMs })
  try {
    sqlite.pragma('journal_mode = DELETE')
    sqlite.exec('BEGIN EXCLUSIVE; COMMIT')
    return true
  } catch (error) {
    if (isBusy(error)) throw new BackupError(`${file} is in use by another program. Stop that first.`)
    if (!isDamaged(error)) throw error
    return false
  } finally {
    sqlite.close()
  }
}

function removeCopy(copy: string): void {
  for (const end of ['', '-journal', '-wal', '-shm', '.unfinished', '.unfinished-journal'])
    rmSync(copy + end, { force: true })
}

function toDisk(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
