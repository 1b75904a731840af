import { closeSync, openSync, statSync } from 'node:fs'
import { generationOf, identityOf, readLogFile } from '../log/file.ts'
import { isLogOf, type LogRecord, mainFile, writtenAt } from '../log/owner.ts'
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
  const [opened, openedLog] = [identity(file), identity(logPath)]
  let version = othersVersion()

  function observe(): LogRecord {
    const { identity, header, writtenAt } = mainFile(fd)
    const record = {
      generation: generationOf(logFd),
      logIdentity: openedLog!,
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

  function found(): FaultCause | undefined {
    const now = identity(file)
    if (now === undefined) return gone(file)
    if (now !== opened) return replaced(file)
    const isSameLog = generationOf(logFd) === seen.generation
    if (isSameLog && writtenAt(fd) !== seen.writtenAt && isOverwritten(seen)) return overwritten(file)
    if (!isSameLog || writtenAt(fd) !== seen.writtenAt) seen = observe()
    return identity(logPath) === openedLog ? undefined : withoutLog(file)
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

function identity(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats && identityOf(stats)
}
