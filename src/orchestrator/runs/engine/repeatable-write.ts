import { StoreBusyError, StoreUncertainError } from '../../../shared/errors.ts'
import type { Decide, RecordedExchange, RunRecord, RunStore } from '../../../store/ports/runs.ts'
import { applyEvent, isOutcome, type RunEvent } from '../state.ts'
import type { Moment } from '../time.ts'
import type { ActiveRun } from './active-run.ts'

/** A write that may be done again, also where nobody knows whether it has been. Resolves to the row that it made. */
export function repeatableWrite(
  runs: Pick<RunStore, 'change'>,
  { row, owner }: ActiveRun,
  event: () => RunEvent,
  moment: () => Moment,
  made?: RecordedExchange,
): () => Promise<RunRecord | undefined> {
  let mayBeDone = false
  return async () => {
    let found: RunRecord | undefined
    const decide: Decide = (current) => {
      found = current
      return applyEvent(current, event(), moment())
    }
    try {
      const decided = await runs.change(row.id, decide, made, owner)
      if (decided?.isChanged) return decided.run
      return mayBeDone && found && isOutcome(found, event()) ? found : undefined
    } catch (error) {
      mayBeDone ||= error instanceof StoreUncertainError
      throw error
    }
  }
}

export async function whileBusy<T>(write: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof StoreBusyError) || signal.aborted) throw error
    }
  }
}
