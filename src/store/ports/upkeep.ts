import type { StorageFault } from './fault.ts'

type Progress = { done: number; total: number }

/** In bytes. `log` is not yet part of `data`, `reusable` is; `free` is what the disk has left. Undefined where unknown. */
type StoreSizes = { data: number; log: number | undefined; reusable: number; free: number | undefined }

/** `more`: too many to count at once. */
export type TableRows = { name: string; rows: number; certainty: 'exact' | 'about' | 'more' }

/** `oldest` and `newest` are known starts. */
type RunExtent = { runs: number; oldest: number | undefined; newest: number | undefined }

export type StoreFacts = {
  sizes: StoreSizes
  /** Other programs' too. */
  tables: TableRows[]
  runs: RunExtent
  /** How many saved states are indexed by their runs; undefined when all are. */
  states: Progress | undefined
  engine: 'SQLite' | 'PostgreSQL'
  version: string
}

export type OldRuns = { status: string; startedBefore: number }

export type DeletedRuns = { runs: number; firstAt: number | undefined; lastAt: number | undefined }

export type UpkeepRule = {
  /** Except for the newest `keepRuns` of all. */
  old: OldRuns[]
  keepRuns: number
  /** Idempotency keys from before this moment. */
  keysBefore: number
  /** Also delete orphans of deleted runs, and schemas that no run names. That takes long. */
  isThorough: boolean
}

export type UpkeepStore = {
  /** Takes no longer for more rows. */
  facts(): Promise<StoreFacts>

  /** Indexes rows that other programs wrote, and deletes what the rule says, silently. Every step is atomic and takes
   * some milliseconds; whoever asks for the next decides when. Yields how many runs a step deleted, with all that
   * belongs to them. */
  tidy(rule: UpkeepRule): AsyncGenerator<number, void>

  /** `due` for deletion is undefined while that is being found out. */
  retention(old: OldRuns[]): Promise<{ due: number | undefined; deleted: DeletedRuns }>

  /** What prevents a backup; `elsewhere` where only other programs make one. */
  backupFault(): StorageFault | undefined

  /** Replaces the backup by one of now. Others may read and write meanwhile. `onCheck` is called when all is copied.
   * Rejects with BackupError, also when `signal` aborts; then there is none. */
  backUp(options: { signal: AbortSignal; onCheck: () => void }): Promise<{ path: string; bytes: number }>

  /** In bytes; `expected` is a maximum. */
  backupProgress(): Promise<{ written: number; expected: number }>

  discardBackup(): Promise<void>
}
