import type { Database } from 'better-sqlite3'
import { isDiskError } from './errors.ts'

export type Outcome = { value: unknown } | { error: unknown }

/** In one transaction, each in a savepoint. For repeatable changes the disk is not waited for. Throws where nothing was
 * kept. */
export function createCommit(sqlite: Database) {
  const inSavepoint = sqlite.transaction((change: () => unknown) => change())
  const inOneTransaction = sqlite.transaction((changes: (() => unknown)[]): Outcome[] =>
    changes.map((change) => {
      try {
        return { value: inSavepoint(change) }
      } catch (error) {
        // A full disk may end the whole transaction. Changes of one moment may belong together: none is kept.
        if (!sqlite.inTransaction || isDiskError(error)) throw error
        return { error }
      }
    }),
  )

  return function commit(changes: (() => unknown)[], areRepeatable: boolean): Outcome[] {
    if (!areRepeatable) return inOneTransaction.immediate(changes)
    sqlite.pragma('synchronous = NORMAL')
    try {
      return inOneTransaction.immediate(changes)
    } finally {
      sqlite.pragma('synchronous = FULL')
    }
  }
}
