import type { Clock } from '../../../shared/clock.ts'
import { StorageFaultError } from '../../../shared/errors.ts'
import { createFaultReports, type FaultListener } from './reports.ts'
import { causeOf, type FaultCause, lastingFaults } from './storage-fault.ts'

export type StorageFault = FaultCause & { since: number }

const retryMs = 2000

export type FaultState = ReturnType<typeof createFaultState>

/** Knows whether the file can be written. `look` checks that without writing, `tryToWrite` by a small write. */
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
    /** As far as that is known without writing. */
    current(): StorageFault | undefined {
      found()
      return fault
    },

    /** Throws StorageFaultError where a commit would be lost, or do harm. */
    refuse(): void {
      const cause = found()
      if (fault && (cause || lastingFaults.includes(fault.kind))) throw new StorageFaultError(fault, 'write')
    },

    /** The error to show for one of a commit. */
    failed(error: unknown): unknown {
      const cause = causeOf(error, file)
      if (!cause) return error
      begin(cause)
      return new StorageFaultError(cause, 'write')
    },

    succeeded: end,

    /** The error to show for one of a read. */
    met(error: unknown): unknown {
      const cause = causeOf(error, file) ?? causeOf((error as Error)?.cause, file)
      if (!cause) return error
      reports.met(cause)
      tryToWrite().catch(() => {})
      return new StorageFaultError(cause, 'read')
    },

    /** Or when the store is closed. */
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
