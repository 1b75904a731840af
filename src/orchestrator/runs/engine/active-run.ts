import type { RunRecord } from '../../../store/ports/runs.ts'
import type { JobProgress } from '../jobs/poll.ts'
import type { RunTime } from '../time.ts'

/** A run that this process carries out. */
export type ActiveRun = {
  row: RunRecord
  time: RunTime
  progress: ActiveProgress
  /** Aborts when the run is cancelled, or not to be sent any more. */
  stop: AbortController
  done: Promise<void>
}

export type ActiveProgress = JobProgress & {
  isQueued: boolean
  /** What waits until the database can be written: the answer it gave, or being sent. */
  held: 'answer' | 'send' | undefined
}

/** How the process that carries out runs ends. */
export type RunSignals = {
  /** Nothing new is sent. */
  stopping: AbortSignal
  /** What was sent is waited for no longer. */
  graceEnded: AbortSignal
}

export type RunTimeouts = {
  /** For the one answer to POST /run. */
  runTimeoutMs: number
  /** For the whole of a background job, from when its run was sent. */
  jobTimeoutMs: number
}
