import Database from 'better-sqlite3'
import type { FileWatch } from '../faults/file-watch.ts'
import type { FaultCause } from '../faults/storage-fault.ts'
import { replacedCleanly } from '../faults/words.ts'

/**
 * Ends the log of a file that is there no more. Left as it is, the next program that opens what is there now would
 * apply it to that. `look` is what the watch has to say, `close` closes the connection.
 */
export function createLogEnding(deps: { sqlite: Database.Database; watch: FileWatch; othersVersion: () => number }) {
  const { sqlite, watch, othersVersion } = deps
  let known = othersVersion()
  let fault: FaultCause | undefined
  // The connection that is closed last carries out the log; this one may not write, so it cannot.
  const guard = new Database(sqlite.name, { readonly: true })
  // SQLite knows of a connection from its first query on.
  guard.pragma('schema_version')

  /** What we have committed goes where it belongs, into the file that we have open, wherever that is now. */
  function isTakenIn(): boolean {
    try {
      // Others may have written meanwhile, and nobody knows for which of the two files.
      if (othersVersion() !== known) return false
      const [{ busy }] = sqlite.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
      return busy === 0
    } catch {
      return false
    }
  }

  function begun(cause: FaultCause): FaultCause {
    if (cause.kind === 'overwritten') return cause
    return isTakenIn() && cause.kind === 'replaced' ? replacedCleanly(sqlite.name) : cause
  }

  function look(): FaultCause | undefined {
    if (fault?.kind === 'overwritten') return fault
    const cause = watch.look()
    if (!cause) known = othersVersion()
    fault = cause && (cause.kind === fault?.kind ? fault : begun(cause))
    return fault
  }

  return {
    look,

    close(): void {
      if (!sqlite.open) return
      // It may have happened just now.
      if (look()?.kind !== 'overwritten') guard.close()
      sqlite.close()
      guard.close()
      watch.close()
    },
  }
}
