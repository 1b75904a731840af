import { fstatSync } from 'node:fs'
import { type Frame, identityOf, type LogFile, readAt } from './file.ts'

export type LogRecord = {
  generation: string
  logIdentity: string
  fileIdentity: string
  /** The first bytes of the file, in hex: they hold its number of pages and a counter of its changes. */
  header: string
  writtenAt: string
}

export type MainFile = {
  identity: string
  header: Buffer
  writtenAt: string
  page(number: number, size: number): Buffer
}

const headerBytes = 100

/** Reads the file behind `fd`, which stays open: closing it would end the locks that SQLite holds in this process. */
export function mainFile(fd: number): MainFile {
  return {
    identity: identityOf(fstatSync(fd)),
    writtenAt: writtenAt(fd),
    header: readAt(fd, headerBytes, 0),
    page: (number, size) => readAt(fd, size, (number - 1) * size),
  }
}

const writtenAt = (fd: number): string => String(fstatSync(fd, { bigint: true }).mtimeNs)

/** SQLite applies any log to any file beside it. Within the generation of `record`, only checkpoints change the file:
 * it begins as before, or as a frame of the log has it. Of another generation nothing is known. */
export function isLogOf(log: LogFile, file: MainFile, record: LogRecord | undefined): boolean {
  if (file.header.length < headerBytes || !usesLog(file) || pageSizeOf(file) !== log.pageSize) return false
  if (record?.generation !== log.generation) return true
  const isSameFile = file.identity === record.fileIdentity
  if (!isSameFile && log.identity === record.logIdentity) return false
  if (!beginsAsKnown(log, file, record)) return false
  // A file and its log that were moved to another disk, together.
  if (!isSameFile) return true
  return file.writtenAt === record.writtenAt || holdsFrameOf(log, file)
}

const usesLog = ({ header }: MainFile): boolean => header[18] === 2

function pageSizeOf({ header }: MainFile): number {
  const size = header.readUInt16BE(16)
  return size === 1 ? 65_536 : size
}

function beginsAsKnown(log: LogFile, file: MainFile, record: LogRecord): boolean {
  if (file.header.toString('hex') === record.header) return true
  return log
    .frames()
    .filter(({ page }) => page === 1)
    .some(({ offset }) => log.read(headerBytes, offset).equals(file.header))
}

function holdsFrameOf(log: LogFile, file: MainFile): boolean {
  const isInFile = ({ page, offset }: Frame) => log.read(log.pageSize, offset).equals(file.page(page, log.pageSize))
  return log.frames().some(isInFile)
}
