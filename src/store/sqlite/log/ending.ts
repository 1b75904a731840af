import Database from 'better-sqlite3'
import type { FileWatch } from '../faults/file-watch.ts'
import type { FaultCause } from '../faults/storage-fault.ts'
import { replacedCleanly } from '../faults/words.ts'

/** Ends the log of a file that was moved or replaced: the next program would apply it to the file that is there now. */
export function createLogEnding(deps: {
  sqlite: Database.Database
  watch: FileWatch
  othersVersion: () => number
  /** That, or what it was earlier in this turn of the event loop. */
  sharedVersion: () => number
}) {
  const { sqlite, watch, othersVersion, sharedVersion } = deps
  let known = othersVersion()
  let fault: FaultCause | undefined
  // The connection that is closed last applies the log; this one may not write.
  const guard = new Database(sqlite.name, { readonly: true })
  // SQLite knows of a connection from its first query on.
  guard.pragma('schema_version')

  /** Moves what we have committed into the file that we have open, wherever that is now. */
  function isCheckpointed(): boolean {
    try {
      if (othersVersion() !== known) return false
      const [{ busy }] = sqlite.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
      return busy === 0
    } catch {
      return false
    }
  }

  function begun(cause: FaultCause): FaultCause {
    if (cause.kind === 'overwritten') return cause
    return isCheckpointed() && cause.kind === 'replaced' ? replacedCleanly(sqlite.name) : cause
  }

  function look(): FaultCause | undefined {
    if (fault?.kind === 'overwritten') return fault
    const cause = watch.look()
    if (!cause) known = sharedVersion()
    fault = cause && (cause.kind === fault?.kind ? fault : begun(cause))
    return fault
  }

  return {
    look,

    close(): void {
      if (!sqlite.open) return
      if (look()?.kind !== 'overwritten') guard.close()
      sqlite.close()
      guard.close()
      watch.close()
    },
  }
}
