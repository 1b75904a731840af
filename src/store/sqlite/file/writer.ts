import type { Database } from 'better-sqlite3'
import { StoreBusyError } from '../../../shared/errors.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { FaultState } from '../../faults/state.ts'
import { createCommit } from './commit.ts'
import { isBusy } from './errors.ts'
import type { Volume } from './volume.ts'

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

/** Silent: nobody who caches reads needs to know. Repeatable: a power failure may lose it, and it is made again. */
type How = { isSilent?: boolean; isRepeatable?: boolean }

export type Writer = {
  /** In a transaction. Resolves once the result is on disk. Rejects with StoreBusyError. */
  write<T>(change: () => T, how?: How): Promise<T>
  /** Moves with every change that was not silent. */
  changes(): number
  idle(): Promise<void>
}

export type CommitWatch = Pick<FaultState, 'refuse' | 'failed' | 'succeeded'>

/** Waiting changes share one commit, which costs the same for one as for a hundred. The wait for another program's lock
 * is asynchronous; SQLite's own would freeze every request. */
export function createWriter(deps: {
  sqlite: Database
  volume: Volume
  clock: Clock
  faults: CommitWatch
  onCommit: () => void
}): Writer {
  const { sqlite, volume, clock, faults, onCommit } = deps
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
    volume.taken()
    try {
      settle(batch)
      onCommit()
    } catch (error) {
      if (isBusy(error)) retry(batch)
      else refuse(batch, faults.failed(error, volume.taken()))
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
    if (!outcomes.some((outcome) => 'error' in outcome)) faults.succeeded(volume.taken())
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
