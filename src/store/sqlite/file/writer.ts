import type { Database } from 'better-sqlite3'
import type { Clock } from '../../../shared/clock.ts'
import { StoreBusyError } from '../../../shared/errors.ts'
import type { FaultState } from '../faults/state.ts'
import { createCommit } from './commit.ts'
import { isBusy } from './errors.ts'

/** How long a change waits for another program's write lock. */
const maxWaitMs = 10_000
const retryMs = 25

type Waiting = {
  change: () => unknown
  isSilent: boolean
  isRepeatable: boolean
  since: number
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

/**
 * A silent change is one that nobody who keeps what was read needs to hear of. A repeatable one may be lost, as a whole,
 * in a power failure: then it is made again.
 */
type How = { isSilent?: boolean; isRepeatable?: boolean }

export type Writer = {
  /** Runs `change` inside a transaction; resolves with its result once that is on disk. Rejects with StoreBusyError. */
  write<T>(change: () => T, how?: How): Promise<T>
  /** Moves whenever anything of ours changed that was not silent. */
  changes(): number
  /** Resolves when nothing waits to be written. */
  idle(): Promise<void>
}

export type CommitWatch = Pick<FaultState, 'refuse' | 'failed' | 'succeeded'>

/**
 * All changes that wait at a moment go to disk in one transaction: a synchronous commit costs the same for one as for a
 * hundred. While another program holds the lock, the wait is asynchronous; SQLite's own busy timeout would freeze every
 * request.
 */
export function createWriter(deps: {
  sqlite: Database
  clock: Clock
  faults: CommitWatch
  onCommit: () => void
}): Writer {
  const { sqlite, clock, faults, onCommit } = deps
  const commit = createCommit(sqlite)
  let waiting: Waiting[] = []
  let isScheduled = false
  let changes = 0
  let whenIdle: (() => void)[] = []

  function schedule(run: () => void): void {
    isScheduled = true
    run()
  }

  function flush(): void {
    isScheduled = false
    const batch = waiting
    waiting = []
    try {
      settle(batch)
      onCommit()
    } catch (error) {
      if (isBusy(error)) retry(batch)
      else refuse(batch, faults.failed(error))
    }
    if (waiting.length > 0 && !isScheduled) schedule(() => setImmediate(flush))
    if (waiting.length === 0) {
      for (const resolve of whenIdle) resolve()
      whenIdle = []
    }
  }

  function settle(batch: Waiting[]): void {
    faults.refuse()
    const areRepeatable = batch.every(({ isRepeatable }) => isRepeatable)
    const outcomes = commit(
      batch.map(({ change }) => change),
      areRepeatable,
    )
    // Where one of the changes failed, the commit of the others proves little.
    if (!outcomes.some((outcome) => 'error' in outcome)) faults.succeeded()
    if (batch.some(({ isSilent }) => !isSilent)) changes++
    batch.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index]!
      if ('error' in outcome) reject(faults.failed(outcome.error))
      else resolve(outcome.value as never)
    })
  }

  function refuse(batch: Waiting[], reason: unknown): void {
    for (const { reject } of batch) reject(reason)
  }

  function retry(batch: Waiting[]): void {
    const now = clock.elapsed()
    const isLate = ({ since }: Waiting) => now - since >= maxWaitMs
    refuse(batch.filter(isLate), new StoreBusyError())
    waiting = [...batch.filter((one) => !isLate(one)), ...waiting]
    if (waiting.length > 0) schedule(() => clock.after(retryMs, flush))
  }

  return {
    write(change, { isSilent = false, isRepeatable = false } = {}) {
      return new Promise((resolve, reject) => {
        waiting.push({ change, isSilent, isRepeatable, since: clock.elapsed(), resolve, reject })
        if (!isScheduled) schedule(() => setImmediate(flush))
      })
    },
    changes: () => changes,
    idle: () => (waiting.length === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
  }
}
