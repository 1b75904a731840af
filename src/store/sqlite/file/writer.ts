import type { Database } from 'better-sqlite3'
import type { Clock } from '../../../shared/clock.ts'
import { StoreBusyError } from '../../../shared/errors.ts'
import type { FaultState } from '../faults/fault-state.ts'

/** How long a change waits for another program's write lock before it is refused. */
const patienceMs = 10_000
const retryMs = 25

type Waiting = {
  change: () => unknown
  isSilent: boolean
  isRepeatable: boolean
  since: number
  resolve: (value: never) => void
  reject: (error: unknown) => void
}
type Outcome = { value: unknown } | { error: unknown }

/**
 * A silent change is one that nobody who keeps what was read needs to hear of. For one that is repeatable the disk is
 * not waited for: a power failure may take it back, as a whole, and then it is made again.
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

/** Hears of each commit; see fault-state.ts. */
export type CommitWatch = Pick<FaultState, 'refuse' | 'failed' | 'succeeded'>

/**
 * All changes that wait at a moment go to disk in one transaction, each in a savepoint of its own: a synchronous
 * commit costs the same for one as for a hundred. While another program holds the lock, the wait is asynchronous;
 * SQLite's own busy timeout would freeze every request.
 */
export function createWriter(deps: {
  sqlite: Database
  clock: Clock
  faults: CommitWatch
  onCommit: () => void
}): Writer {
  const { sqlite, clock, faults, onCommit } = deps
  let waiting: Waiting[] = []
  let isScheduled = false
  let changes = 0
  let whenIdle: (() => void)[] = []

  const inSavepoint = sqlite.transaction((change: () => unknown) => change())
  const inOneTransaction = sqlite.transaction((batch: Waiting[]): Outcome[] =>
    batch.map(({ change }) => {
      try {
        return { value: inSavepoint(change) }
      } catch (error) {
        // A full disk may end the whole transaction, not only the savepoint. What is asked for at one moment may belong
        // together, so none of it is kept then.
        if (!sqlite.inTransaction || isOfDisk(error)) throw error
        return { error }
      }
    }),
  )

  function commit(batch: Waiting[]): Outcome[] {
    if (!batch.every(({ isRepeatable }) => isRepeatable)) return inOneTransaction.immediate(batch)
    sqlite.pragma('synchronous = NORMAL')
    try {
      return inOneTransaction.immediate(batch)
    } finally {
      sqlite.pragma('synchronous = FULL')
    }
  }

  function schedule(run: () => void): void {
    isScheduled = true
    run()
  }

  function flush(): void {
    isScheduled = false
    const batch = waiting
    waiting = []
    try {
      faults.refuse()
      const outcomes = commit(batch)
      // Where one of the changes failed, the commit of the others proves little.
      if (!outcomes.some((outcome) => 'error' in outcome)) faults.succeeded()
      if (batch.some(({ isSilent }) => !isSilent)) changes++
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index]!
        if ('error' in outcome) reject(faults.failed(outcome.error))
        else resolve(outcome.value as never)
      })
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

  function refuse(batch: Waiting[], reason: unknown): void {
    for (const { reject } of batch) reject(reason)
  }

  function retry(batch: Waiting[]): void {
    const now = clock.elapsed()
    for (const late of batch.filter(({ since }) => now - since >= patienceMs)) late.reject(new StoreBusyError())
    waiting = [...batch.filter(({ since }) => now - since < patienceMs), ...waiting]
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

export function isOfDisk(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(String((error as { code?: unknown })?.code))
}

export function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown })?.code).startsWith('SQLITE_BUSY')
}
