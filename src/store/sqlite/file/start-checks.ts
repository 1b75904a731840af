import { closeSync, existsSync, lstatSync, openSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StoreOpenError } from '../../../shared/errors.ts'
import { foreignLog } from '../faults/words.ts'
import { openLogFile } from '../log/file.ts'
import { isLogOf, type LogRecord, mainFile } from '../log/owner.ts'

/** One file reached by two paths must not get two locks. Throws StoreOpenError. */
export function realFile(path: string): string {
  if (!existsSync(dirname(resolve(path))))
    throw new StoreOpenError(`The folder ${dirname(resolve(path))} does not exist. Create it first.`)
  if (!existsSync(path)) {
    const link = lstatSync(path, { throwIfNoEntry: false })
    if (link)
      throw new StoreOpenError(
        `${path} is a symbolic link to ${readlinkSync(path)}, which does not exist. Correct or remove the link.`,
      )
    return resolve(path)
  }
  const file = realpathSync(path)
  if (!statSync(file).isFile()) throw new StoreOpenError(`${file} is not a file.`)
  return file
}

/** Whether the log beside `file` may be of that file; see log/owner.ts. Nothing in this process may have it open. */
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

/** SQLite would apply the log to whatever file is there, and delete it where there is none. */
export function refuseForeignLog(file: string, record: LogRecord | undefined): void {
  if (!hasOwnLog(file, record)) throw new StoreOpenError(foreignLog(file, existsSync(file)))
}
