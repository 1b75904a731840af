import type { Clock } from '../../../shared/clock.ts'
import type { Slots } from '../../../shared/slots/slots.ts'
import { redactedProgress } from '../secrets/redaction.ts'
import type { ActiveProgress, ActiveRun } from './active-run.ts'

type Queued = { limit: 'agent' | 'all'; slots: number; heldBy: { runId: string; agentId: string }[] }

export type RunProgress = Omit<ActiveProgress, 'heardAt' | 'isQueued'> & {
  durationMs: number
  heardAgoMs: number | undefined
  queued: Queued | undefined
}

export function progressOf(
  run: ActiveRun,
  sentInputs: string | undefined,
  slots: Pick<Slots, 'blocking'>,
  { elapsed }: Pick<Clock, 'elapsed'>,
): RunProgress {
  const { isQueued, heardAt, ...progress } = redactedProgress(run.progress, run.row, sentInputs)
  return {
    ...progress,
    durationMs: run.time.moment().durationMs,
    heardAgoMs: heardAt === undefined ? undefined : elapsed() - heardAt,
    queued: isQueued ? queuedBehind(slots, run.row.agentId!) : undefined,
  }
}

function queuedBehind(slots: Pick<Slots, 'blocking'>, agentId: string): Queued {
  const { limit, slots: count, holders } = slots.blocking(agentId)
  const heldBy = holders.map(({ key, name }) => ({ runId: name, agentId: key }))
  return { limit: limit === 'key' ? 'agent' : 'all', slots: count, heldBy }
}
