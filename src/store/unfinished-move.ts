import { StoreOpenError } from '../shared/errors.ts'

/** Of the row that says how far a move into a database is. */
export const moveKey = 'move'

/** `kept` is what that row holds. Throws StoreOpenError where the database has a part of another one. */
export function refuseUnfinishedMove(kept: string | undefined, database: string): void {
  if (kept === undefined || JSON.parse(kept).isComplete) return
  throw new StoreOpenError(
    `A move into ${database} is not complete. Run "configurable-agents move" again, with the same source: it continues.`,
  )
}
