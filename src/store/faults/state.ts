import { StorageFaultError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { StorageFault } from '../ports/fault.ts'
import type { FaultCause } from './cause.ts'
import { createFaultReports, type FaultListener } from './reports.ts'
import { createRetry } from './retry.ts'
import { createShownErrors } from './shown-errors.ts'

/** A little still fits where these were met, such as an entry of the audit trail. */
const ofRoom: readonly string[] = ['full', 'disk-error']
const leastRoom = 64 * 1024

export type FaultState = ReturnType<typeof createFaultState>

/** Knows whether the database can be written. `look` checks that without writing, `tryToWrite` by a write of that size.
 * `glance` may be as old as this turn of the event loop. What `isLasting` lasts until the program is started again; what
 * is not `isOver` has not ended by a write. */
export function createFaultState(deps: {
  clock: Clock
  causeOf: (error: unknown) => FaultCause | undefined
  isLasting: (kind: string) => boolean
  look: () => FaultCause | undefined
  glance?: () => FaultCause | undefined
  isOver: (kind: string) => boolean
  tryToWrite: (bytes: number) => Promise<unknown>
  onChange: FaultListener
}) {
  const { clock, causeOf, isLasting, look, glance = look, isOver, tryToWrite, onChange } = deps
  const reports = createFaultReports(clock, onChange)
  const retry = createRetry(clock, async () => {
    await tryToWrite(needed).catch(() => {})
    if (fault && needed > leastRoom) await tryToWrite(leastRoom).then(release, () => {})
    if (fault && !isClosed) retry.start()
  })
  let fault: StorageFault | undefined
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
    if (!isClosed && !isLasting(cause.kind)) retry.start()
  }

  function end(bytes: number): void {
    if (!fault || bytes < needed || !isOver(fault.kind)) return
    reports.ended(fault)
    fault = undefined
    retry.stop()
    release()
  }

  function release(): void {
    for (const resolve of whenOver) resolve()
    whenOver = []
  }

  function found(look: () => FaultCause | undefined): FaultCause | undefined {
    const cause = isClosed ? undefined : look()
    if (cause) begin(cause)
    return cause
  }

  return {
    /** As far as that is known without writing. */
    current(): StorageFault | undefined {
      found(glance)
      return fault
    },

    /** Throws StorageFaultError where a commit would be lost, or do harm. */
    refuse(): void {
      const cause = found(look)
      if (fault && (cause || isLasting(fault.kind))) throw new StorageFaultError(fault, 'write')
    },

    succeeded: end,

    ...createShownErrors({ causeOf, begin, met: reports.met, tryToWrite: () => tryToWrite(needed) }),

    /** Resolves also when a little can be written, and when the store is closed. */
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
