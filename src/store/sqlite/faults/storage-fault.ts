import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FaultCause as AnyCause } from '../../faults/cause.ts'
import { damaged, diskError, full, incomplete, readOnly } from './words.ts'

export type FaultKind =
  | 'full'
  | 'read-only'
  | 'disk-error'
  | 'damaged'
  | 'incomplete'
  | 'moved'
  | 'replaced'
  | 'overwritten'
  /** A warning: the log cannot be cut. */
  | 'long-log'

export type FaultCause = AnyCause & { kind: FaultKind }

/** These last until the program is restarted on a repaired file. */
export const isLasting = (kind: string): boolean => ['damaged', 'overwritten'].includes(kind)

const missing = /no such (table|column): (?:main\.)?(\S+)/

/** Undefined where the file is not at fault. */
export function causeOf(error: unknown, file: string): FaultCause | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code !== 'string') return undefined
  if (code === 'SQLITE_FULL') return full(file)
  if (/^SQLITE_IOERR_SHM/.test(code) && isFull(file)) return full(file)
  if (/^SQLITE_IOERR/.test(code)) return diskError(file, code)
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code)) return readOnly(file)
  // Only a virtual table, which can be rebuilt.
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
