import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { damaged, diskError, full, incomplete, readOnly } from './words.ts'

export type FaultKind =
  | 'full'
  | 'read-only'
  | 'disk-error'
  | 'damaged'
  | 'incomplete'
  /** The file, or its log, is no more where it was. */
  | 'moved'
  /** Another file is where it was. */
  | 'replaced'
  /** The file has another content. */
  | 'overwritten'
  /** No fault: the log cannot be cut down. */
  | 'long-log'

/** What is wrong with the database file; `reason` is one or two sentences for a person. */
export type FaultCause = { kind: FaultKind; reason: string }

/** These last until the program is started anew, on a file that was put right. */
export const lastingFaults: readonly FaultKind[] = ['damaged', 'overwritten']

const missing = /no such (table|column): (?:main\.)?(\S+)/

/** What an error of SQLite says about the file, if it says anything about that. */
export function causeOf(error: unknown, file: string): FaultCause | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code !== 'string') return undefined
  if (code === 'SQLITE_FULL') return full(file)
  // The file that all share the memory of cannot grow either.
  if (/^SQLITE_IOERR_SHM/.test(code) && isFull(file)) return full(file)
  if (/^SQLITE_IOERR/.test(code)) return diskError(file, code)
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code)) return readOnly(file)
  // Of an index that can be made again, as SQLite's own codes have it, the file as such is whole.
  if (code === 'SQLITE_CORRUPT_VTAB') return undefined
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return damaged(file)
  const [, what, name] = missing.exec(String(message)) ?? []
  return name === undefined ? undefined : incomplete(file, `${what} ${name}`)
}

function isFull(file: string): boolean {
  try {
    const { blocks, bavail } = statfsSync(dirname(file))
    return blocks > 0 && bavail === 0
  } catch {
    return false
  }
}
