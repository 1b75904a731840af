import type { Protocol, ProtocolName } from '../../../agent/protocol.ts'
import type { Slot } from '../../../shared/slots/slots.ts'
import { type Clock, pause } from '../../../shared/time/clock.ts'
import type { RunRecord, RunStore } from '../../../store/ports/runs.ts'
import type { EventStream } from '../../events.ts'
import type { Callable } from '../../registry/target.ts'
import type { ActiveRun, RunSignals, RunTimeouts } from '../engine/active-run.ts'
import { NoRoomError, type RunRecorder } from '../engine/recorder.ts'
import { applyEvent, type RunEvent } from '../state.ts'
import { pollJob } from './poll.ts'

/** Nobody knows whether an agent still works that has not answered this many polls in a row: it holds no slot. */
const maxUnanswered = 3
const roomEveryMs = 5000

const noRoomProblem = 'its answer cannot be saved yet: the database cannot be written'

export type FollowerDeps = RunSignals & {
  protocols: Record<ProtocolName, Pick<Protocol, 'follow'>>
  runs: Pick<RunStore, 'change'>
  recorder: RunRecorder
  clock: Clock
  random: () => number
  limits: Pick<RunTimeouts, 'jobTimeoutMs'>
  agentOf: (row: RunRecord) => Callable
  events: EventStream
}

export function createJobFollower(deps: FollowerDeps) {
  const { runs, recorder, clock, limits, agentOf, events, stopping } = deps

  /** A removed agent is looked for where its job was last polled. */
  async function saveUrl(run: ActiveRun, url: string): Promise<void> {
    const { id, attempt, agentUrl } = run.row
    if (url === agentUrl) return
    const event: RunEvent = { kind: 'moved', attempt, url }
    try {
      const moved = await runs.change(
        id,
        (current) => applyEvent(current, event, run.time.moment()),
        undefined,
        run.owner,
      )
      if (moved?.isChanged) run.row = { ...run.row, agentUrl: url }
    } catch {
      // Tried again with the next poll.
    }
  }

  async function roomFor({ progress, stop }: ActiveRun, size: number): Promise<void> {
    progress.problem = noRoomProblem
    const signal = AbortSignal.any([stopping, stop.signal])
    do await pause(clock, roomEveryMs, signal)
    while (!recorder.hasRoomFor(size) && !signal.aborted)
  }

  return async function follow(run: ActiveRun, slot: Slot): Promise<void> {
    const { row, time, progress, stop } = run
    let unanswered = 0
    const end = await pollJob(row, {
      ...deps,
      agent: () => agentOf(run.row),
      limitMs: limits.jobTimeoutMs,
      sinceSentMs: time.sinceSentMs,
      signal: AbortSignal.any([stopping, stop.signal]),
      progress,
      onPolled(isAnswered, url) {
        unanswered = isAnswered ? 0 : unanswered + 1
        if (isAnswered) slot.hold()
        else if (unanswered >= maxUnanswered) slot.release()
        if (isAnswered) events.emit('agent-answered', { agentId: row.agentId!, url })
        void saveUrl(run, url)
      },
    })
    if (!end) return
    try {
      await recorder.record(run, end.event, end.record, true)
    } catch (error) {
      if (!(error instanceof NoRoomError)) throw error
      // The agent keeps the answer, and is asked for it again when there is room.
      slot.release()
      await roomFor(run, error.size)
      await follow(run, slot)
    }
  }
}
