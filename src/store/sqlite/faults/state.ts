import type { Clock } from '../../../shared/clock.ts'
import { StorageFaultError } from '../../../shared/errors.ts'
import { createFaultReports, type FaultListener } from './reports.ts'
import { createRetry } from './retry.ts'
import { createShownErrors } from './shown-errors.ts'
import { type FaultCause, lastingFaults } from './storage-fault.ts'

export type StorageFault = FaultCause & { since: number }

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
  const retry = createRetry(clock, async () => {
    await tryToWrite().catch(() => {})
    if (fault && !isClosed) retry.start()
  })
  let fault: StorageFault | undefined
  let whenOver: (() => void)[] = []
  let isClosed = false

  function begin(cause: FaultCause): void {
    if (fault?.kind === cause.kind) return
    fault = { ...cause, since: clock.now() }
    reports.begun(cause)
    if (!isClosed && !lastingFaults.includes(cause.kind)) retry.start()
  }

  function end(): void {
    if (!fault || (fault.kind === 'incomplete' && !isComplete())) return
    reports.ended(fault)
    fault = undefined
    retry.stop()
    release()
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

    succeeded: end,

    ...createShownErrors({ file, begin, met: reports.met, tryToWrite }),

    /** Resolves also when the store is closed. */
    over: (): Promise<void> =>
      fault && !isClosed ? new Promise((resolve) => whenOver.push(resolve)) : Promise.resolve(),

    close(): void {
      isClosed = true
      retry.stop()
      reports.close()
      release()
    },
  }
}
