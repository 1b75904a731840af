import type { Actor } from '../../../shared/actor.ts'
import { ConflictError, NotFoundError } from '../../../shared/errors.ts'
import { hasEnded } from '../../../shared/run-status.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { RunRecord, RunStore } from '../../../store/ports/runs.ts'
import type { EventStream } from '../../events.ts'
import { onlyItStops, programOf } from '../carried-out.ts'
import { applyEvent } from '../state.ts'
import { stoppedWaitingMessage } from '../stopped-waiting.ts'
import { createRunTime } from '../time.ts'
import type { ActiveRun } from './active-run.ts'
import { withAnnouncedEnds } from './announced-ends.ts'

const answeredMessage = 'The agent has already answered. The answer is saved as soon as the database can be written.'

/** `via` is called at once. Throws NotFoundError, ConflictError, StoreBusyError and StorageFaultError. */
export type CancelRun = (id: string, by: Actor, via?: Pick<RunStore, 'change'>) => Promise<void>

export function createRunCancellation(deps: {
  runs: Pick<RunStore, 'get' | 'change'>
  active: (id: string) => ActiveRun | undefined
  clock: Clock
  events: EventStream
}): CancelRun {
  const { runs, active, clock, events } = deps

  return async function cancel(id, by, via) {
    // Also while the database cannot be written.
    if (!via) refuse(id, await runs.get(id))
    const run = active(id)
    if (run?.progress.held === 'answer') throw new ConflictError(answeredMessage)
    const event = { kind: 'cancelled', message: stoppedWaitingMessage } as const
    const { change } = via ? withAnnouncedEnds(via, events) : runs
    const decided = await change(id, (current) => {
      const time = run?.time ?? createRunTime(clock, current)
      return programOf(current) === undefined ? applyEvent(current, event, time.moment()) : undefined
    })
    if (!decided?.isChanged) return refuse(id, decided?.run)
    const ofMany = via && { isOneOfMany: true as const }
    events.emit('run-cancelled', { runId: id, agentId: decided.run.agentId!, ...ofMany, by })
    active(id)?.stop.abort()
  }
}

function refuse(id: string, run: RunRecord | undefined): void {
  if (!run) throw new NotFoundError('run', id)
  const program = programOf(run)
  if (program !== undefined) throw new ConflictError(onlyItStops(program))
  if (hasEnded(run.status)) throw new ConflictError(`This run has already ended: it is ${run.status}.`)
}
