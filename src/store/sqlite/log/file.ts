import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'

/** A change to one page of the file; `offset` is where the page begins in the log. */
export type Frame = { page: number; offset: number; endsCommit: boolean }

/** A `-wal` with committed changes in it. `generation` is another one whenever SQLite begins the log anew. */
export type LogFile = {
  generation: string
  pageSize: number
  identity: string
  frames(): Generator<Frame>
  read(bytes: number, offset: number): Buffer
}

// https://sqlite.org/fileformat2.html#the_write_ahead_log
const headerBytes = 32
const frameHeaderBytes = 24
const magic = 0x377f0682

export function openLogFile(path: string): (LogFile & { close(): void }) | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined
  const fd = openSync(path, 'r')
  const log = readLogFile(fd)
  if (log) return { ...log, close: () => closeSync(fd) }
  closeSync(fd)
  return undefined
}

export function readLogFile(fd: number): LogFile | undefined {
  const read = (bytes: number, offset: number) => readAt(fd, bytes, offset)
  const header = read(headerBytes, 0)
  if (header.length < headerBytes || (header.readUInt32BE(0) & ~1) !== magic) return undefined
  const pageSize = header.readUInt32BE(8)

  function* frames(): Generator<Frame> {
    for (let offset = headerBytes; ; offset += frameHeaderBytes + pageSize) {
      const frame = read(frameHeaderBytes, offset)
      if (frame.length < frameHeaderBytes || !frame.subarray(8, 16).equals(header.subarray(16, 24))) return
      yield { page: frame.readUInt32BE(0), offset: offset + frameHeaderBytes, endsCommit: frame.readUInt32BE(4) !== 0 }
    }
  }

  if (pageSize < 512 || !frames().some(({ endsCommit }) => endsCommit)) return undefined
  return { generation: generationOf(fd), pageSize, identity: identityOf(fstatSync(fd)), frames, read }
}

export const generationOf = (fd: number): string => readAt(fd, headerBytes, 0).subarray(16, 24).toString('hex')

export const identityOf = ({ dev, ino }: { dev: bigint | number; ino: bigint | number }): string => `${dev}.${ino}`

export function readAt(fd: number, bytes: number, offset: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  return buffer.subarray(0, readSync(fd, buffer, 0, bytes, offset))
}
