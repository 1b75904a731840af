import type { Actor } from '../../shared/actor.ts'
import type { Acceptance, Accepted, Decide, Decided } from './runs.ts'

export type BulkAction = 'rerun' | 'cancel' | 'delete'
export type BulkState = 'waiting' | 'working' | 'done' | 'stopped'

/** The runs of an action: as a query of the history with absolute times, or by their ids. */
export type BulkRuns = { filter: string } | { runIds: string[] }

export type BulkRecord = {
  id: string
  action: BulkAction
  state: BulkState
  filter: string | null
  /** Undefined until the runs have been counted. */
  total: number | undefined
  /** The position of the last run that was processed, among those of the action. */
  cursor: number | undefined
  done: number
  leftOut: number
  failed: number
  /** Null of one from before that was recorded. */
  startedBy: Actor | null
  /** Where the dashboard stopped it. */
  stopReason: string | null
  createdAt: number
  startedAt: number | null
  endedAt: number | null
  closedAt: number | null
}

export type NewBulk = Pick<BulkRecord, 'id' | 'action' | 'total' | 'createdAt'> & {
  token: string
  runs: BulkRuns
  startedBy: Actor
}

export type BulkProblem = { kind: 'left out' | 'failed'; reason: string; runId: string }

/** `runId` is the first of them. */
export type BulkReason = BulkProblem & { runs: number }

/** Added to the counts of an action; problems count by their kind. */
export type BulkProgress = { done: number; problems: BulkProblem[] }

export type BulkWrite = { accept: Acceptance } | { change: string; decide: Decide }
export type BulkOutcome = { value: Accepted | Decided | undefined } | { error: unknown }

/** With `objection`, the run is not deleted. */
export type BulkDeletion = { id: string; cursor: number; objection: string | undefined }

/** Actions on many runs. Their progress is recorded silently: see `Store.announce`. An action that has ended goes no further. */
export type BulkStore = {
  /** Records an action, once for a token, or resolves to the earlier one. Only the latest 100 ended ones are kept. */
  add(bulk: NewBulk): Promise<BulkRecord>

  get(id: string): Promise<BulkRecord | undefined>

  /** In the order of their turns. */
  unended(): Promise<BulkRecord[]>

  latest(max: number): Promise<BulkRecord[]>

  /** Where the runs are given by their ids. */
  runIds(id: string): Promise<string[]>

  /** Most runs first. Beyond 30 reasons the others are counted as one. */
  reasons(id: string): Promise<BulkReason[]>

  start(id: string, at: number): Promise<boolean>

  setTotal(id: string, total: number): Promise<void>

  /** Resolves to the action as it has ended; undefined where it had ended before. */
  end(id: string, state: 'done' | 'stopped', at: number, stopReason?: string | null): Promise<BulkRecord | undefined>

  /** Closes an ended action. One that has not ended stays as it is. */
  close(id: string, at: number): Promise<void>

  /** The action moves on, and all of `writes` happens, in one step; a write that fails takes no other down with it.
   * Resolves to what came of each; to undefined when the action has ended, or has moved on from what was `planned`
   * upon, and then nothing has happened. */
  step(
    id: string,
    step: BulkProgress & { cursor: number | undefined; planned?: Pick<BulkRecord, 'cursor'> },
    writes: BulkWrite[],
  ): Promise<BulkOutcome[] | undefined>

  /** Adds to the counts after a step, also when the action has ended by then. */
  correct(id: string, more: BulkProgress): Promise<void>

  /** Deletes runs with all that belongs to them, in this order, as many as there is time for in some milliseconds, and
   * the action moves on by these, all in one step. After the last of them it moves to `cursor`. `reasonIfGone` is the
   * problem of a run that is not there. */
  deleteRuns(
    id: string,
    runs: BulkDeletion[],
    rest: { cursor: number | undefined; reasonIfGone: string },
  ): Promise<void>
}
