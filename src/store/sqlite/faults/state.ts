import type { Clock } from '../../../shared/clock.ts'
import { StorageFaultError } from '../../../shared/errors.ts'
import { createFaultReports, type FaultListener } from './reports.ts'
import { createRetry } from './retry.ts'
import { createShownErrors } from './shown-errors.ts'
import { type FaultCause, type FaultKind, lastingFaults } from './storage-fault.ts'

export type StorageFault = FaultCause & { since: number }

/** A little still fits where these were met, such as an entry of the audit trail. */
const ofRoom: readonly FaultKind[] = ['full', 'disk-error']
const leastRoom = 64 * 1024

export type FaultState = ReturnType<typeof createFaultState>

/** Knows whether the file can be written. `look` checks that without writing, `tryToWrite` by a write of that size. */
export function createFaultState(deps: {
  file: string
  clock: Clock
  look: () => FaultCause | undefined
  isComplete: () => boolean
  tryToWrite: (bytes: number) => Promise<unknown>
  onChange: FaultListener
}) {
  const { file, clock, look, isComplete, tryToWrite, onChange } = deps
  const reports = createFaultReports(clock, onChange)
  const retry = createRetry(clock, async () => {
    await tryToWrite(needed).catch(() => {})
    if (fault && !isClosed) retry.start()
  })
  let fault: StorageFault | undefined
  /** What has to be written before the fault has ended. */
  let needed = 0
  let whenOver: (() => void)[] = []
  let isClosed = false

  function begin(cause: FaultCause, bytes = 0): void {
    const isKnown = fault?.kind === cause.kind
    if (ofRoom.includes(cause.kind)) needed = Math.max(isKnown ? needed : leastRoom, bytes)
    else needed = 0
    if (isKnown) return
    fault = { ...cause, since: clock.now() }
    reports.begun(cause)
    if (!isClosed && !lastingFaults.includes(cause.kind)) retry.start()
  }

  function end(bytes: number): void {
    if (!fault || bytes < needed || (fault.kind === 'incomplete' && !isComplete())) return
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

    ...createShownErrors({ file, begin, met: reports.met, tryToWrite: () => tryToWrite(needed) }),

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
