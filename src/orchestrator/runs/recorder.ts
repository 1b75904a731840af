import type { ExchangeRecord } from '../../agent/http/record.ts'
import type { Clock } from '../../shared/clock.ts'
import { StoreBusyError } from '../../shared/errors.ts'
import type { RunRecord, RunStore } from '../../store/ports/runs.ts'
import { canBeWrittenLater, createHeldChanges } from '../held-changes.ts'
import { exchangeOf, redactedEvent } from './redaction.ts'
import type { ActiveRun } from './send.ts'
import { applyEvent, type RunEvent } from './state.ts'

/** Answers that wait to be written hold at most so many characters, of one or two bytes each. */
const maxHeldCharacters = 16 * 1024 * 1024

export type RunRecorder = ReturnType<typeof createRunRecorder>

/** There is no more room for an answer that cannot be written now; it has to be asked for again. */
export class NoRoomError extends Error {
  readonly size: number

  constructor(size: number) {
    super('There is no room for the answer.')
    this.size = size
  }
}

/**
 * Writes down what happens to runs. Another program may lock the database for minutes, or the disk may be full for
 * hours: what has happened is held meanwhile, and what is to happen waits. `giveUp` ends that.
 */
export function createRunRecorder(deps: {
  runs: Pick<RunStore, 'change'>
  clock: Clock
  writable: () => Promise<void>
  /** Why nothing can be written now, as far as that is known. */
  fault: () => unknown
  /** Inputs with the passwords that are not on disk. */
  sentInputs: (runId: string) => string | undefined
  stopping: AbortSignal
  giveUp: AbortSignal
  maxHeld?: number
}) {
  const { runs, clock, writable, fault, sentInputs, stopping, giveUp, maxHeld = maxHeldCharacters } = deps
  const held = createHeldChanges({ clock, writable, maxSize: maxHeld })

  /** Undefined where nothing was to change. */
  async function changed(...change: Parameters<RunStore['change']>): Promise<RunRecord | undefined> {
    const decided = await runs.change(...change)
    return decided?.isChanged ? decided.run : undefined
  }

  function changeOf({ row, time }: ActiveRun, event: RunEvent, made?: ExchangeRecord) {
    const sent = sentInputs(row.id)
    const exchange = made && exchangeOf(made, row, sent, clock.now())
    const moment = time.moment()
    const change = {
      event: redactedEvent(event, row, sent),
      write: () => changed(row.id, (current) => applyEvent(current, change.event, moment), exchange),
    }
    return change
  }

  /** Tries until it is written or held, as long as it is only a lock that is in the way. */
  async function patiently<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (!(error instanceof StoreBusyError) || giveUp.aborted) throw error
      }
    }
  }

  return {
    /**
     * Writes what has happened. Resolves to the changed row; to undefined when nothing was to change. An answer for which
     * there is no room is dropped, and the run says so; one that `canBeAskedFor` again is a NoRoomError.
     */
    async record(
      run: ActiveRun,
      event: RunEvent,
      made?: ExchangeRecord,
      canBeAskedFor = false,
    ): Promise<RunRecord | undefined> {
      const change = changeOf(run, event, made)
      const { write } = change
      try {
        return await patiently(write)
      } catch (error) {
        if (!canBeWrittenLater(error) || giveUp.aborted) throw error
        const size = sizeOf(event)
        if (!held.hasRoomFor(size)) {
          change.event = withoutOutputs(run, change.event)
          forgetOutputs(event)
          if (canBeAskedFor) throw new NoRoomError(size)
        }
        run.progress.held = 'answer'
        const changed = await held.hold({ write, size: sizeOf(change.event), isLater: false, signal: giveUp }, error)
        run.progress.held = undefined
        return changed
      }
    },

    /** Whether an answer of this size could be held. */
    hasRoomFor: held.hasRoomFor,

    /**
     * Writes that a run is sent, which happens after that: while anything else cannot be written, that waits. Resolves to
     * the changed row; to undefined when the run is not to be sent any more.
     */
    async recordSent(run: ActiveRun, event: RunEvent & { kind: 'sent' }): Promise<RunRecord | undefined> {
      const { row, time, stop, progress } = run
      const write = () => changed(row.id, (current) => applyEvent(current, event, time.moment()))
      const signal = AbortSignal.any([stopping, stop.signal])
      try {
        // What it answers could not be kept, even if this could.
        if (!held.isAny() && fault() === undefined) return await patiently(write)
      } catch (error) {
        if (!canBeWrittenLater(error) || giveUp.aborted) throw error
      }
      progress.held = 'send'
      try {
        const sent = await held.hold({ write, size: 0, isLater: true, signal })
        progress.held = undefined
        return sent
      } catch (error) {
        if (signal.aborted) return undefined
        throw error
      }
    },
  }
}

function sizeOf(event: RunEvent): number {
  return 'result' in event ? (event.result?.outputs?.length ?? 0) : 0
}

/** Whoever waits for the event to be written has it still. */
function forgetOutputs(event: RunEvent): void {
  if ('result' in event && event.result) event.result.outputs = null
}

/** The end of a run whose outputs are dropped. Without them it is not completed. */
function withoutOutputs({ row }: ActiveRun, event: RunEvent): RunEvent {
  if ('result' in event && event.result && event.kind !== 'completed')
    return { ...event, result: { ...event.result, outputs: null } }
  const size = `${(sizeOf(event) / 1_000_000).toFixed(1)} MB`
  const message = `The agent finished, but its answer (${size}) was dropped: the database could not be written, and too many other answers were waiting for that.`
  return { kind: 'lost', attempt: row.attempt, message }
}
