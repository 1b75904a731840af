import type { Clock } from '../shared/clock.ts'
import { StorageFaultError, StoreBusyError } from '../shared/errors.ts'

type Held<T> = {
  write: () => Promise<T>
  /** How much memory it holds, in characters. */
  size: number
  /** To be written only when nothing is held that has happened already. */
  isLater: boolean
  /** When this aborts, nobody wants it written any more. */
  signal: AbortSignal
}
type Entry = Held<unknown> & { settle: (result: Promise<unknown>) => void; error: unknown }

/** Between two tries of what the database did not take, though it took something else. */
const retryMs = 1000

/** Whether a change can be written later that could not be written now. */
export function canBeWrittenLater(error: unknown): boolean {
  return error instanceof StorageFaultError || error instanceof StoreBusyError
}

/**
 * Changes that could not be written, kept until they can: one at a time, so that on a disk with little room a large one
 * takes no small one down with it, and each in its turn.
 */
export function createHeldChanges(deps: {
  clock: Pick<Clock, 'after'>
  /** Resolves when nothing is known to keep the database from being written. */
  writable: () => Promise<void>
  maxSize: number
}) {
  const { clock, writable, maxSize } = deps
  let entries: Entry[] = []
  let size = 0
  let isAtWork = false
  let written: Entry | undefined
  let wake = () => {}

  function remove(entry: Entry): void {
    if (!entries.includes(entry)) return
    entries = entries.filter((other) => other !== entry)
    size -= entry.size
    if (entries.length === 0) wake()
  }

  const pause = () =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(retryMs, resolve)
      wake = () => {
        cancel()
        resolve()
      }
    })

  async function tryOnce(entry: Entry): Promise<void> {
    written = entry
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
      // The others have their turn before it comes to this one again.
      entries = [...entries.filter((other) => other !== entry), entry]
      written = undefined
      await pause()
    } finally {
      written = undefined
    }
  }

  async function writeAll(): Promise<void> {
    if (isAtWork) return
    isAtWork = true
    while (entries.length > 0) {
      await writable()
      const next = entries.find(({ isLater }) => !isLater) ?? entries[0]
      if (next) await tryOnce(next)
    }
    isAtWork = false
  }

  return {
    /** Whether something is held that has happened, and must not be forgotten. */
    isAny: (): boolean => entries.some(({ isLater }) => !isLater),

    hasRoomFor: (more: number): boolean => size + more <= maxSize,

    /**
     * Resolves to what `write` gives when it succeeds. Rejects with any error that will not go away by itself, and with
     * the last one when `signal` aborts.
     */
    hold<T>(held: Held<T>, error?: unknown): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const giveUp = () => {
          // What is to happen after it is written does happen once it is: whether it is, the write itself tells.
          if (entry.isLater && entry === written) return
          remove(entry)
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
        entries.push(entry)
        size += entry.size
        void writeAll()
      })
    },
  }
}
