import type { Acceptance, Accepted, Decide, Decided } from './runs.ts'

export type BulkAction = 'rerun' | 'cancel' | 'delete'
export type BulkState = 'waiting' | 'working' | 'done' | 'stopped'

/** The runs of an action: as a query of the history with absolute times, or by their ids. */
export type BulkRuns = { filter: string } | { runIds: string[] }

/** An action on many runs, and how far it is. */
export type BulkRecord = {
  id: string
  action: BulkAction
  state: BulkState
  /** Null where the runs are given by their ids. */
  filter: string | null
  /** Undefined until the runs have been counted. */
  total: number | undefined
  /** Where the last run that was dealt with is among those of the action. */
  cursor: number | undefined
  done: number
  leftOut: number
  failed: number
  createdAt: number
  startedAt: number | null
  endedAt: number | null
  /** When a person had seen enough of it. */
  closedAt: number | null
}

export type NewBulk = Pick<BulkRecord, 'id' | 'action' | 'total' | 'createdAt'> & { token: string; runs: BulkRuns }

/** Why a run was left out, or what failed. */
export type BulkProblem = { kind: 'left out' | 'failed'; reason: string; runId: string }

/** How many runs have the same problem; `runId` is the first of them. */
export type BulkReason = BulkProblem & { runs: number }

/** What is added to the counts of an action: problems count by their kind. */
export type BulkProgress = { done: number; problems: BulkProblem[] }

/** What a step does to runs. */
export type BulkWrite = { accept: Acceptance } | { change: string; decide: Decide }
export type BulkOutcome = { value: Accepted | Decided | undefined } | { error: unknown }

/** A run to be deleted, or why it is not; and where it is among those of the action. */
export type BulkDeletion = { id: string; cursor: number; objection: string | undefined }

/** Actions on many runs. Their progress is recorded silently: see `announce`. An action that has ended goes no further. */
export type BulkStore = {
  /** Records an action, once for a token; or resolves to the one that there is. Only the latest 100 ended ones stay. */
  add(bulk: NewBulk): Promise<BulkRecord>

  get(id: string): Promise<BulkRecord | undefined>

  /** Those that have not ended, in the order of their turns. */
  unended(): Promise<BulkRecord[]>

  /** The latest, newest first. */
  latest(max: number): Promise<BulkRecord[]>

  /** The runs of an action that are given by their ids. */
  runIds(id: string): Promise<string[]>

  /** Most runs first. Beyond 30 reasons the others are one. */
  reasons(id: string): Promise<BulkReason[]>

  /** Has a waiting action begin. Resolves to whether it did. */
  start(id: string, at: number): Promise<boolean>

  setTotal(id: string, total: number): Promise<void>

  /** Resolves to the action as it has ended; undefined where it had ended before. */
  end(id: string, state: 'done' | 'stopped', at: number): Promise<BulkRecord | undefined>

  /** Notes that a person has seen enough of an ended action. One that has not ended stays as it is. */
  close(id: string, at: number): Promise<void>

  /**
   * The action moves on, and all of `writes` happens, in one step; a write that fails takes no other down with it.
   * Resolves to what came of each; to undefined when the action has ended, and then nothing has happened.
   */
  step(
    id: string,
    step: BulkProgress & { cursor: number | undefined },
    writes: BulkWrite[],
  ): Promise<BulkOutcome[] | undefined>

  /** Adds to the counts what only came out after a step, also when the action has ended by then. */
  correct(id: string, more: BulkProgress): Promise<void>

  /**
   * Deletes runs with all that belongs to them, in this order, as many as there is time for in some milliseconds, and the
   * action moves on by these, all in one step. After the last of them it moves to `cursor`. `reasonIfGone` is the problem
   * of a run that is not there.
   */
  deleteRuns(
    id: string,
    runs: BulkDeletion[],
    rest: { cursor: number | undefined; reasonIfGone: string },
  ): Promise<void>

  /** Moves the revision of the store, for all that was recorded silently. */
  announce(): Promise<void>
}
