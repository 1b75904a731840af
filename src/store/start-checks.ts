import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { StoreOpenError } from '../errors.ts'
import { openLogFile } from './log-file.ts'
import { isLogOf, type LogRecord, mainFile } from './log-owner.ts'
import { foreignLog } from './storage-words.ts'

export function refuseWrongPlace(file: string): void {
  if (!existsSync(dirname(file)))
    throw new StoreOpenError(`The folder ${dirname(file)} does not exist. Create it first.`)
  if (existsSync(file) && !statSync(file).isFile()) throw new StoreOpenError(`${file} is not a file.`)
}

/** Whether the log beside `file` may be of that file; see log-owner.ts. Nothing in this process may have it open. */
export function hasOwnLog(file: string, record: LogRecord | undefined): boolean {
  const log = openLogFile(`${file}-wal`)
  if (!log) return true
  try {
    if (!existsSync(file)) return false
    const fd = openSync(file, 'r')
    try {
      return isLogOf(log, mainFile(fd), record)
    } finally {
      closeSync(fd)
    }
  } finally {
    log.close()
  }
}

/** SQLite would apply the log to whatever file is there, and remove it where there is none. */
export function refuseForeignLog(file: string, record: LogRecord | undefined): void {
  if (!hasOwnLog(file, record)) throw new StoreOpenError(foreignLog(file))
}

/** Refuses a file that other programs use for something else. It is not changed. */
export function refuseForeignFile(file: string, timeout: number): void {
  if (!existsSync(file) || statSync(file).size === 0) return
  // A read-only connection leaves a -wal and a -shm file behind; one that may write would carry out what others left.
  const isLeftOpen = existsSync(`${file}-wal`) || existsSync(`${file}-journal`)
  const reader = new Database(file, { readonly: isLeftOpen, fileMustExist: true, timeout })
  try {
    const names = reader.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
    if (names.includes('executions') && names.includes('deployments')) {
      throw new StoreOpenError(
        `${file} belongs to a newer generation of configurable-agents that this dashboard cannot read. It was not changed; use another --db file.`,
      )
    }
  } finally {
    reader.close()
  }
}
