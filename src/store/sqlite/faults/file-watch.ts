import { closeSync, fstatSync, openSync, statSync } from 'node:fs'
import { generationOf, identityOf, readLogFile } from '../log/file.ts'
import { isLogOf, type LogRecord, mainFile } from '../log/owner.ts'
import type { FaultCause } from './storage-fault.ts'
import { diskError, gone, overwritten, replaced, withoutLog } from './words.ts'

export type FileWatch = {
  look(): FaultCause | undefined
  /** To be called after each commit: the log may have begun anew. */
  committed(): void
  close(): void
}

/** SQLite keeps writing into a file that was moved, deleted or overwritten, and reports success: this watches for
 * that. */
export function watchFile(deps: {
  file: string
  fd: number
  remember: (record: LogRecord) => void
  othersVersion: () => number
}): FileWatch {
  const { file, fd, remember, othersVersion } = deps
  const logPath = `${file}-wal`
  const logFd = openSync(logPath, 'r')
  const [opened, openedLog] = [statsOf(file)?.identity, statsOf(logPath)?.identity]
  let version = othersVersion()

  function observe(): LogRecord {
    const { identity, header, writtenAt } = mainFile(fd)
    const record = {
      generation: generationOf(logFd),
      logIdentity: identityOf(fstatSync(logFd)),
      fileIdentity: identity,
      header: header.toString('hex'),
      writtenAt,
    }
    version = othersVersion()
    if (record.generation !== '') remember(record)
    return record
  }

  /** By something other than a checkpoint of its log. */
  function isOverwritten(record: LogRecord): boolean {
    const [log, main] = [readLogFile(logFd), mainFile(fd)]
    // An empty log looks like any other: something may have gone through it.
    const isUntouched = () => othersVersion() !== version || main.header.toString('hex') === record.header
    const isAsKnown = log ? isLogOf(log, main, record) : isUntouched()
    // Where the log began anew in between, it no longer holds what the file was like before.
    return !isAsKnown && generationOf(logFd) === record.generation
  }

  let seen = observe()
  let logWrittenAt: bigint | undefined

  /** Each look at a file is a call of the system, and each request makes them. */
  function found(): FaultCause | undefined {
    const [main, log] = [statsOf(file), statsOf(logPath)]
    if (main === undefined) return gone(file)
    if (main.identity !== opened) return replaced(file)
    const isWritten = String(main.writtenAt) !== seen.writtenAt
    if (isWritten || log?.writtenAt !== logWrittenAt) {
      const isSameLog = generationOf(logFd) === seen.generation
      if (isSameLog && isWritten && isOverwritten(seen)) return overwritten(file)
      if (!isSameLog || isWritten) seen = observe()
      logWrittenAt = log?.writtenAt
    }
    return log?.identity === openedLog ? undefined : withoutLog(file)
  }

  return {
    look() {
      try {
        return found()
      } catch (error) {
        return diskError(file, String((error as NodeJS.ErrnoException).code))
      }
    },
    committed() {
      if (generationOf(logFd) !== seen.generation) seen = observe()
    },
    close() {
      closeSync(logFd)
      closeSync(fd)
    },
  }
}

function statsOf(path: string) {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stats && { identity: identityOf(stats), writtenAt: stats.mtimeNs }
}
