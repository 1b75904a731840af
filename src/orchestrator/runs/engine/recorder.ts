import type { ExchangeRecord } from '../../../agent/http/record.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { RunRecord, RunStore } from '../../../store/ports/runs.ts'
import { canBeWrittenLater, createHeldChanges } from '../../held-changes.ts'
import { exchangeOf, redactedEvent } from '../secrets/redaction.ts'
import type { RunEvent } from '../state.ts'
import type { ActiveRun, RunSignals } from './active-run.ts'
import { dropOutputs, outputsSize, withoutOutputs } from './dropped-outputs.ts'
import { repeatableWrite, whileBusy } from './repeatable-write.ts'

const defaultMaxHeld = 16 * 1024 * 1024

export type RunRecorder = {
  /** Resolves to the changed row. An answer without room is dropped, or NoRoomError if it `canBeAskedFor` again. */
  record(
    run: ActiveRun,
    event: RunEvent,
    made?: ExchangeRecord,
    canBeAskedFor?: boolean,
  ): Promise<RunRecord | undefined>
  hasRoomFor(characters: number): boolean
  /** Waits while answers are held. Resolves to undefined when the run is not to be sent any more. */
  recordSent(run: ActiveRun, event: RunEvent & { kind: 'sent' }): Promise<RunRecord | undefined>
}

export class NoRoomError extends Error {
  readonly size: number

  constructor(size: number) {
    super('There is no room for the answer.')
    this.size = size
  }
}

/** While the database cannot be written, what has happened is held, and what is to happen waits. */
export function createRunRecorder(
  deps: RunSignals & {
    runs: Pick<RunStore, 'change'>
    clock: Clock
    writable: () => Promise<void>
    fault: () => unknown
    secretInputs: ReadonlyMap<string, string>
    maxHeldCharacters?: number
  },
): RunRecorder {
  const { runs, clock, writable, fault, secretInputs, stopping, graceEnded, maxHeldCharacters = defaultMaxHeld } = deps
  const held = createHeldChanges({ clock, writable, maxSize: maxHeldCharacters })

  function changeOf(run: ActiveRun, event: RunEvent, made?: ExchangeRecord) {
    const { row, time } = run
    const sent = secretInputs.get(row.id)
    const exchange = made && exchangeOf(made, row, sent, clock.now())
    const moment = time.moment()
    const change: { event: RunEvent; write: () => Promise<RunRecord | undefined> } = {
      event: redactedEvent(event, row, sent),
      write: repeatableWrite(
        runs,
        run,
        () => change.event,
        () => moment,
        exchange,
      ),
    }
    return change
  }

  return {
    hasRoomFor: held.hasRoomFor,

    async record(run, event, made, canBeAskedFor = false) {
      const change = changeOf(run, event, made)
      const { write } = change
      try {
        return await whileBusy(write, graceEnded)
      } catch (error) {
        if (!canBeWrittenLater(error) || graceEnded.aborted) throw error
        const size = outputsSize(event)
        if (!held.hasRoomFor(size)) {
          change.event = withoutOutputs(run.row, change.event)
          dropOutputs(event)
          if (canBeAskedFor) throw new NoRoomError(size)
        }
        run.progress.held = 'answer'
        const entry = { write, size: outputsSize(change.event), isLater: false, signal: graceEnded }
        const row = await held.hold(entry, error)
        run.progress.held = undefined
        return row
      }
    },

    async recordSent(run, event) {
      const { time, stop, progress } = run
      const write = repeatableWrite(runs, run, () => event, time.moment)
      try {
        // While other answers are held, this run's could not be saved either.
        if (!held.isAny() && fault() === undefined) return await whileBusy(write, graceEnded)
      } catch (error) {
        if (!canBeWrittenLater(error) || graceEnded.aborted) throw error
      }
      progress.held = 'send'
      const signal = AbortSignal.any([stopping, stop.signal])
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
