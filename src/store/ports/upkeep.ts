import type { StorageFault } from './fault.ts'

/** How far something is that the store learns by and by. */
type Progress = { done: number; total: number }

/**
 * Bytes: of the data, of the log of what is not among them yet, of the room within them that can be used again, and of
 * what the disk has left, where that is known.
 */
type StoreSizes = { data: number; log: number; reusable: number; free: number | undefined }

/** How many rows a table has: `exact`, or `about` so many, or `more` than can be counted at once. */
export type TableRows = { name: string; rows: number; certainty: 'exact' | 'about' | 'more' }

/** When the first and the last of the runs began whose start is known. */
type RunExtent = { runs: number; oldest: number | undefined; newest: number | undefined }

export type StoreFacts = {
  sizes: StoreSizes
  /** All tables, whoever they belong to. */
  tables: TableRows[]
  runs: RunExtent
  /** How much is known of which saved states belong to which run; undefined when all is. */
  states: Progress | undefined
  /** The version of the database. */
  version: string
}

/** Runs of a status that began before a moment. */
export type OldRuns = { status: string; startedBefore: number }

export type DeletedRuns = { runs: number; firstAt: number | undefined; lastAt: number | undefined }

/** What may be deleted. */
export type UpkeepRule = {
  /** But for the newest `keepRuns` of all. */
  old: OldRuns[]
  keepRuns: number
  /** Keys under which runs were accepted before this moment. */
  keysBefore: number
  /** Look also for what runs have left behind that are gone, and for schemas that no run names. That takes long. */
  isThorough: boolean
}

/** What keeps a store in order, whatever it holds. */
export type UpkeepStore = {
  /** Takes no longer for more rows. */
  facts(): Promise<StoreFacts>

  /**
   * Learns what is yet to be learned of rows that other programs wrote, and deletes what may be deleted, all of it
   * silently. Every step is atomic and takes some milliseconds; who asks for the next decides when. Yields how many
   * runs were deleted in a step. Runs go with all that belongs to them.
   */
  tidy(rule: UpkeepRule): AsyncGenerator<number, void>

  /** How many runs are to be deleted, undefined while that is being found out, and how many have been so far. */
  retention(old: OldRuns[]): Promise<{ due: number | undefined; deleted: DeletedRuns }>

  /** Moves the store's revision: what was done silently is to be seen. */
  announce(): Promise<void>

  /** Why a backup would be one of something else; undefined where one can be made. */
  backupFault(): StorageFault | undefined

  /**
   * Makes a backup, as of now, in place of the one before. Others may read and write meanwhile. `onCheck` is called when
   * all is copied and will be checked. Rejects with BackupError, also when `signal` ends it; then there is none.
   */
  backUp(options: { signal: AbortSignal; onCheck: () => void }): Promise<{ path: string; bytes: number }>

  /** Bytes that the backup has so far, and will have at most. */
  backupProgress(): Promise<{ written: number; expected: number }>

  /** Deletes the backup, and what one that did not end has left. */
  discardBackup(): Promise<void>
}
