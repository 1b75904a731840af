import type { Clock } from '../../../shared/time/clock.ts'
import type { RunRecord, RunStore } from '../../../store/ports/runs.ts'
import type { EventStream } from '../../events.ts'
import { createRunTime } from '../time.ts'
import type { ActiveRun } from './active-run.ts'
import type { RunRecorder } from './recorder.ts'
import type { RunWork } from './work.ts'

const answerLostMessage = 'The agent answered, but the answer could not be saved before the dashboard stopped.'
const unexpectedMessage =
  'Unexpected error in the dashboard while it carried out this run. See its log. The agent may have finished.'

export type ActiveRuns = {
  get(id: string): ActiveRun | undefined
  has(id: string): boolean
  all(): ActiveRun[]
  counts(): { queued: number; running: number }
  agentsAtWork(): string[]
  /** `lostMessage`: why the run is lost if it was sent and has no job. `owner` is who this dashboard was for its row. */
  begin(row: RunRecord, owner: string | undefined, lostMessage?: string): void
}

export function createActiveRuns(deps: {
  work: RunWork
  recorder: RunRecorder
  runs: Pick<RunStore, 'get'>
  clock: Clock
  secretInputs: Map<string, string>
  events: EventStream
}): ActiveRuns {
  const { work, recorder, runs, clock, secretInputs, events } = deps
  const active = new Map<string, ActiveRun>()

  const onError = (error: unknown, runId: string) => events.emit('failure', { error, task: 'run', runId })

  /** An unexpected error must not leave a run running forever. */
  async function endWith(error: unknown, run: ActiveRun): Promise<void> {
    const { id } = run.row
    const isAnswerLost = run.progress.held === 'answer'
    onError(isAnswerLost ? new Error(answerLostMessage, { cause: error }) : error, id)
    const attempt = (await runs.get(id))?.attempt ?? 0
    await recorder.record(
      run,
      isAnswerLost
        ? { kind: 'lost', attempt, message: answerLostMessage }
        : { kind: 'failed', attempt, message: unexpectedMessage },
    )
  }

  return {
    get: (id) => active.get(id),
    has: (id) => active.has(id),
    all: () => [...active.values()],

    counts() {
      const queued = [...active.values()].filter(({ progress }) => progress.isQueued).length
      return { queued, running: active.size - queued }
    },

    agentsAtWork: () =>
      [...active.values()]
        .filter(({ progress, row }) => !progress.isQueued && row.jobId === null)
        .map(({ row }) => row.agentId!),

    begin(row, owner, lostMessage) {
      if (active.has(row.id)) return
      const run: ActiveRun = {
        row,
        owner,
        time: createRunTime(clock, row),
        progress: {
          isQueued: true,
          held: undefined,
          polls: 0,
          heardAt: undefined,
          nextCheckAt: undefined,
          word: undefined,
          problem: undefined,
        },
        stop: new AbortController(),
        done: Promise.resolve(),
      }
      active.set(row.id, run)
      run.done = work(run, lostMessage)
        .catch((error) => endWith(error, run))
        .catch((error) => onError(error, row.id))
        .finally(() => {
          active.delete(row.id)
          secretInputs.delete(row.id)
        })
    },
  }
}
