import type { RunRecord } from '../../../store/ports/runs.ts'
import type { JobProgress } from '../jobs/poll.ts'
import type { RunTime } from '../time.ts'

export type ActiveRun = {
  row: RunRecord
  /** As this dashboard was called when it began: what another has taken up since is changed no more. */
  owner: string | undefined
  time: RunTime
  progress: ActiveProgress
  stop: AbortController
  done: Promise<void>
}

export type ActiveProgress = JobProgress & {
  isQueued: boolean
  held: 'answer' | 'send' | undefined
}

export type RunSignals = {
  /** Nothing new is sent. */
  stopping: AbortSignal
  /** What was sent is waited for no longer. */
  graceEnded: AbortSignal
}

export type RunTimeouts = {
  runTimeoutMs: number
  /** For the whole of a background job, from when its run was sent. */
  jobTimeoutMs: number
}
