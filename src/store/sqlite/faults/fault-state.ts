import type { Clock } from '../../../shared/clock.ts'
import { StorageFaultError } from '../../../shared/errors.ts'
import { causeOf, type FaultCause, type FaultKind, lastingFaults } from './storage-fault.ts'

/** What keeps the database file from being written, and since when. */
export type StorageFault = FaultCause & { since: number }

/** While there is a fault, so often it is looked whether it is over. */
const retryMs = 2000
/** A fault is over when it has not returned for so long: a full disk lets a little through now and then. */
const settledMs = 10_000
/** What is met again and again while reading is reported so often. */
const metEveryMs = 60_000

/** A fault has begun, or has ended, or was met by somebody who only read; or there is something to warn of. */
export type FaultListener = (change: 'begun' | 'ended' | 'met' | 'warned', cause: FaultCause) => void

export type FaultState = ReturnType<typeof createFaultState>

/**
 * The one place that knows whether the database file can be written. The writer reports each commit here; `look` is
 * what can be said without writing, and `tryToWrite` writes something small, through the writer.
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
  let fault: StorageFault | undefined
  let cancelRetry: (() => void) | undefined
  /** The fault whose end is not reported yet. */
  let ending: { kind: FaultKind; cancel: () => void } | undefined
  const metAt = new Map<FaultKind, number>()
  let whenOver: (() => void)[] = []
  let isClosed = false

  function begin(cause: FaultCause): void {
    if (fault?.kind === cause.kind) return
    fault = { ...cause, since: clock.now() }
    ending?.cancel()
    if (ending?.kind !== cause.kind) onChange('begun', cause)
    ending = undefined
    if (!lastingFaults.includes(cause.kind)) retryLater()
  }

  function end(): void {
    if (!fault || (fault.kind === 'incomplete' && !isComplete())) return
    const ended = fault
    fault = undefined
    cancelRetry?.()
    cancelRetry = undefined
    const cancel = clock.after(settledMs, () => {
      ending = undefined
      onChange('ended', ended)
    })
    ending = { kind: ended.kind, cancel }
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

  return {
    /** Why nothing can be written now; undefined while all is well, as far as that is known without writing. */
    current(): StorageFault | undefined {
      const cause = isClosed ? undefined : look()
      if (cause) begin(cause)
      return fault
    },

    /** To be called before each commit. Throws StorageFaultError where one would be lost, or would do harm. */
    refuse(): void {
      const cause = isClosed ? undefined : look()
      if (cause) begin(cause)
      if (fault && (cause || lastingFaults.includes(fault.kind))) throw new StorageFaultError(fault, 'write')
    },

    /** To be called with each error of a commit: gives what to tell whoever asked for it. */
    failed(error: unknown): unknown {
      const cause = causeOf(error, file)
      if (!cause) return error
      begin(cause)
      return new StorageFaultError(cause, 'write')
    },

    /** To be called after each commit. */
    succeeded: end,

    /** Gives what to tell whoever met this error while reading. Whether anything can be written is then tried. */
    met(error: unknown): unknown {
      const cause = causeOf(error, file) ?? causeOf((error as Error)?.cause, file)
      if (!cause) return error
      if (clock.elapsed() - (metAt.get(cause.kind) ?? -Infinity) >= metEveryMs) {
        metAt.set(cause.kind, clock.elapsed())
        onChange('met', cause)
      }
      tryToWrite().catch(() => {})
      return new StorageFaultError(cause, 'read')
    },

    /** Resolves when nothing keeps the file from being written, or when the store is closed. */
    over: (): Promise<void> =>
      fault && !isClosed ? new Promise((resolve) => whenOver.push(resolve)) : Promise.resolve(),

    close(): void {
      isClosed = true
      cancelRetry?.()
      ending?.cancel()
      release()
    },
  }
}
