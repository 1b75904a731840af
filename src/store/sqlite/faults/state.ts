import type { Clock } from '../../../shared/clock.ts'
import { StorageFaultError } from '../../../shared/errors.ts'
import { createFaultReports, type FaultListener } from './reports.ts'
import { causeOf, type FaultCause, lastingFaults } from './storage-fault.ts'

export type StorageFault = FaultCause & { since: number }

/** How often a fault is checked for its end. */
const retryMs = 2000

export type FaultState = ReturnType<typeof createFaultState>

/**
 * The one place that knows whether the database file can be written. `look` is what can be said without writing, and
 * `tryToWrite` writes something small, through the writer.
 */
export function createFaultState(deps: {
  file: string
  clock: Clock
  look: () => FaultCause | undefined
  isComplete: () => boolean
  tryToWrite: () => Promise<unknown>
  onChange: FaultListener
}) {
  const { file, clock, look, isComplete, tryToWrite, onChange } = deps
  const reports = createFaultReports(clock, onChange)
  let fault: StorageFault | undefined
  let cancelRetry: (() => void) | undefined
  let whenOver: (() => void)[] = []
  let isClosed = false

  function begin(cause: FaultCause): void {
    if (fault?.kind === cause.kind) return
    fault = { ...cause, since: clock.now() }
    reports.begun(cause)
    if (!lastingFaults.includes(cause.kind)) retryLater()
  }

  function end(): void {
    if (!fault || (fault.kind === 'incomplete' && !isComplete())) return
    reports.ended(fault)
    fault = undefined
    cancelRetry?.()
    cancelRetry = undefined
    release()
  }

  function retryLater(): void {
    if (isClosed || cancelRetry) return
    cancelRetry = clock.after(retryMs, async () => {
      cancelRetry = undefined
      await tryToWrite().catch(() => {})
      if (fault) retryLater()
    })
  }

  function release(): void {
    for (const resolve of whenOver) resolve()
    whenOver = []
  }

  function found(): FaultCause | undefined {
    const cause = isClosed ? undefined : look()
    if (cause) begin(cause)
    return cause
  }

  return {
    /** Why nothing can be written now; undefined while all is well, as far as that is known without writing. */
    current(): StorageFault | undefined {
      found()
      return fault
    },

    /** To be called before each commit. Throws StorageFaultError where one would be lost, or would do harm. */
    refuse(): void {
      const cause = found()
      if (fault && (cause || lastingFaults.includes(fault.kind))) throw new StorageFaultError(fault, 'write')
    },

    /** To be called with each error of a commit. Returns the error to show for it. */
    failed(error: unknown): unknown {
      const cause = causeOf(error, file)
      if (!cause) return error
      begin(cause)
      return new StorageFaultError(cause, 'write')
    },

    /** To be called after each commit. */
    succeeded: end,

    /** To be called with each error of a read. Returns the error to show for it. */
    met(error: unknown): unknown {
      const cause = causeOf(error, file) ?? causeOf((error as Error)?.cause, file)
      if (!cause) return error
      reports.met(cause)
      tryToWrite().catch(() => {})
      return new StorageFaultError(cause, 'read')
    },

    /** Resolves when nothing keeps the file from being written, or when the store is closed. */
    over: (): Promise<void> =>
      fault && !isClosed ? new Promise((resolve) => whenOver.push(resolve)) : Promise.resolve(),

    close(): void {
      isClosed = true
      cancelRetry?.()
      reports.close()
      release()
    },
  }
}
