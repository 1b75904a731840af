import type { Slots } from '../../../shared/slots/slots.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { redactedProgress } from '../secrets/redaction.ts'
import type { ActiveProgress, ActiveRun } from './active-run.ts'

type Queued = { limit: 'agent' | 'all'; slots: number; heldBy: { runId: string; agentId: string }[] }

export type RunProgress = Omit<ActiveProgress, 'heardAt' | 'nextCheckAt' | 'isQueued'> & {
  durationMs: number
  heardAgoMs: number | undefined
  /** Until the job of the run is asked for again. */
  nextCheckMs: number | undefined
  queued: Queued | undefined
}

export function progressOf(
  run: ActiveRun,
  sentInputs: string | undefined,
  slots: Pick<Slots, 'blocking'>,
  { elapsed }: Pick<Clock, 'elapsed'>,
): RunProgress {
  const { isQueued, heardAt, nextCheckAt, ...progress } = redactedProgress(run.progress, run.row, sentInputs)
  return {
    ...progress,
    durationMs: run.time.moment().durationMs,
    heardAgoMs: heardAt === undefined ? undefined : elapsed() - heardAt,
    nextCheckMs: nextCheckAt === undefined ? undefined : Math.max(0, nextCheckAt - elapsed()),
    queued: isQueued ? queuedBehind(slots, run.row.agentId!) : undefined,
  }
}

function queuedBehind(slots: Pick<Slots, 'blocking'>, agentId: string): Queued {
  const { limit, slots: count, holders } = slots.blocking(agentId)
  const heldBy = holders.map(({ key, name }) => ({ runId: name, agentId: key }))
  return { limit: limit === 'key' ? 'agent' : 'all', slots: count, heldBy }
}
