import type { ExchangeRecord } from '../agent/exchange.ts'
import type { Clock } from '../clock.ts'
import { StoreBusyError } from '../errors.ts'
import type { RunRow, RunTable } from '../store/runs.ts'
import { exchangeOf, redactedEvent } from './redaction.ts'
import { applyEvent, type RunEvent } from './run-state.ts'
import type { RunTime } from './run-time.ts'

export type Recorder = ReturnType<typeof createRecorder>

/**
 * Writes down what happens to runs. Another program may hold the database for minutes: what happened must not be
 * forgotten meanwhile, so it is tried until `giveUp` says to stop.
 */
export function createRecorder(deps: {
  runs: RunTable
  clock: Clock
  /** Inputs with the passwords that are not on disk. */
  sentInputs: (runId: string) => string | undefined
  giveUp: AbortSignal
}) {
  const { runs, clock, sentInputs, giveUp } = deps

  /**
   * Resolves to the changed row; to undefined when nothing was to change. To be sent is to be written first, so that
   * happens when it is written; all else has happened already.
   */
  return async function record(
    row: RunRow,
    time: RunTime,
    event: RunEvent,
    made?: ExchangeRecord,
  ): Promise<RunRow | undefined> {
    const sent = sentInputs(row.id)
    const exchange = made && exchangeOf(made, row, sent, clock.now())
    const happened = redactedEvent(event, row, sent)
    const moment = event.kind === 'sent' ? undefined : time.moment()
    const write = () =>
      runs.change(row.id, (current) => applyEvent(current, happened, moment ?? time.moment()), exchange)
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (!(error instanceof StoreBusyError) || giveUp.aborted) throw error
      }
    }
  }
}
