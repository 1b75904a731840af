import { hasEnded } from '../../../shared/run-status.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { RunRecord, RunStore } from '../../../store/ports/runs.ts'
import { createBackgroundLoop } from '../../background.ts'
import type { EventStream } from '../../events.ts'
import type { ActiveRuns } from './active-runs.ts'
import { stoppedMessage } from './call.ts'

const sweepEveryMs = 60_000
const abandonedMessage = 'The dashboard could not record how this run ended. See its log. The agent may have finished.'

/** Unfinished runs that are not active: of an earlier process, or their end could not be recorded. */
export function createResumption(deps: {
  runs: Pick<RunStore, 'get' | 'unfinished'>
  active: ActiveRuns
  clock: Clock
  stopping: AbortSignal
  owner: () => string | undefined
  events: EventStream
}) {
  const { runs, active, clock, stopping, owner, events } = deps
  let resumed: Promise<unknown> = Promise.resolve()
  const onError = (error: unknown) => events.emit('failure', { error, task: 'runs that nobody follows' })
  const sweep = createBackgroundLoop({
    clock,
    async step() {
      await beginAll(abandonedMessage)
      return { restMs: sweepEveryMs }
    },
    onError,
    pace: { busyMs: sweepEveryMs, retryMs: sweepEveryMs },
  })

  async function beginAll(lostMessage: string, ids?: string[]): Promise<void> {
    const rows: RunRecord[] = []
    const own = owner()
    for (const id of ids ?? (await runs.unfinished(own))) {
      const row = active.has(id) ? undefined : await runs.get(id)
      if (row) rows.push(row)
    }
    // Jobs first: they hold slots, whatever the limits.
    rows.sort((a, b) => Number(a.jobId === null) - Number(b.jobId === null))
    // While they were read, one may have ended, and so may the dashboard.
    for (const row of rows) if (!hasEnded(row.status) && !stopping.aborted) active.begin(row, own, lostMessage)
  }

  return {
    resume(): void {
      resumed = Promise.all([resumed, beginAll(stoppedMessage).catch(onError)])
    },

    /** Runs of a dashboard that is gone; this one may still be leaving them alone. */
    takeUp(ids: string[]): void {
      const left = Promise.all(ids.map((id) => active.get(id)?.done))
      const begun = left.then(() => beginAll(stoppedMessage, ids)).catch(onError)
      resumed = Promise.all([resumed, begun])
    },

    /** Runs that are ours, and that nothing follows. */
    takeAgain: (ids: string[]): Promise<void> => beginAll(abandonedMessage, ids).catch(onError),

    start: (): void => sweep.start(sweepEveryMs),

    async stop(): Promise<void> {
      await Promise.all([sweep.stop(), resumed])
    },
  }
}
