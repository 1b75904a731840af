import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
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
