import { statSync } from 'node:fs'
import type { FaultCause } from './storage-fault.ts'

/**
 * Tells when the file that was opened at `file` is there no more: SQLite goes on writing into one that was deleted or
 * moved, and reports success.
 */
export function watchFile(file: string): () => FaultCause | undefined {
  const opened = identity(file)
  return () => {
    const now = identity(file)
    if (now === opened) return undefined
    if (now === undefined) {
      return { kind: 'moved', reason: `${file} was moved or deleted while the dashboard was using it.` }
    }
    return { kind: 'replaced', reason: `${file} was replaced while the dashboard was using it.` }
  }
}

function identity(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats && `${stats.dev} ${stats.ino}`
}
