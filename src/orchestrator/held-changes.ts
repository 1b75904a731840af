import { StorageFaultError, StoreBusyError, StoreUncertainError } from '../shared/errors.ts'
import type { Clock } from '../shared/time/clock.ts'

type Held<T> = {
  write: () => Promise<T>
  size: number
  /** Written only when nothing is held that has happened already. */
  isLater: boolean
  signal: AbortSignal
}
type Entry = Held<unknown> & { settle: (result: Promise<unknown>) => void; error: unknown }

export type HeldChanges = {
  /** Whether something is held that has happened, and must not be lost. */
  isAny(): boolean
  hasRoomFor(size: number): boolean
  /** Resolves to what `write` gives when it succeeds. Rejects with any error that will not go away by itself, and with
   * the last one when `signal` aborts. */
  hold<T>(held: Held<T>, error?: unknown): Promise<T>
}

/** Between two tries of what the database did not take, though it took something else. */
const retryMs = 1000

export const wasNotWritten = (error: unknown): boolean =>
  error instanceof StorageFaultError || error instanceof StoreBusyError

/** What was perhaps written is written again: whoever does so sees whether it is there. */
export const canBeWrittenLater = (error: unknown): boolean =>
  wasNotWritten(error) || error instanceof StoreUncertainError

/** Changes that could not be written, kept until they can: one at a time, so that on a disk with little room a large
 * one does not block small ones, and each in its turn. */
export function createHeldChanges(deps: {
  clock: Pick<Clock, 'after'>
  writable: () => Promise<void>
  maxSize: number
}): HeldChanges {
  const { clock, writable, maxSize } = deps
  const pause = createPause(clock)
  let entries: Entry[] = []
  let size = 0
  let isWriting = false
  let current: Entry | undefined

  function remove(entry: Entry): void {
    if (!entries.includes(entry)) return
    entries = entries.filter((other) => other !== entry)
    size -= entry.size
    if (entries.length === 0) pause.end()
  }

  async function tryOnce(entry: Entry): Promise<void> {
    current = entry
    try {
      const value = await entry.write()
      entry.settle(Promise.resolve(value))
      remove(entry)
    } catch (error) {
      entry.error = error
      if (!entries.includes(entry)) return
      if (!canBeWrittenLater(error) || entry.signal.aborted) {
        entry.settle(Promise.reject(error))
        remove(entry)
        return
      }
      entries = [...entries.filter((other) => other !== entry), entry]
      current = undefined
      await pause.begin()
    } finally {
      current = undefined
    }
  }

  async function writeAll(): Promise<void> {
    if (isWriting) return
    isWriting = true
    while (entries.length > 0) {
      await writable()
      const next = entries.find(({ isLater }) => !isLater) ?? entries[0]
      if (next) await tryOnce(next)
    }
    isWriting = false
  }

  function add(entry: Entry): void {
    entries.push(entry)
    size += entry.size
    void writeAll()
  }

  // A later change that is being written may succeed yet: its write decides.
  const canGiveUp = (entry: Entry) => !(entry.isLater && entry === current)

  return {
    isAny: () => entries.some(({ isLater }) => !isLater),
    hasRoomFor: (more) => size + more <= maxSize,
    hold: (held, error) => untilWritten(held, error, { add, remove, canGiveUp }),
  }
}

type EntryList = { add(entry: Entry): void; remove(entry: Entry): void; canGiveUp(entry: Entry): boolean }

function untilWritten<T>(held: Held<T>, error: unknown, entries: EntryList): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const giveUp = () => {
      if (!entries.canGiveUp(entry)) return
      entries.remove(entry)
      reject(entry.error)
    }
    const entry: Entry = {
      ...held,
      error,
      settle(result) {
        held.signal.removeEventListener('abort', giveUp)
        resolve(result as Promise<T>)
      },
    }
    if (held.signal.aborted) return reject(error)
    held.signal.addEventListener('abort', giveUp)
    entries.add(entry)
  })
}

function createPause(clock: Pick<Clock, 'after'>) {
  let end = () => {}
  return {
    begin: () =>
      new Promise<void>((resolve) => {
        const cancel = clock.after(retryMs, resolve)
        end = () => {
          cancel()
          resolve()
        }
      }),
    end: () => end(),
  }
}
