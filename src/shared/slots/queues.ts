type Waiting = { number: number; admit: () => void }

/** Queues by key, whose order of arrival counts across all keys. */
export function createQueues() {
  const waiting = new Map<string, Set<Waiting>>()
  let arrived = 0

  return {
    /** The one that arrived first under a key that is free. */
    first(isFree: (key: string) => boolean): Waiting | undefined {
      let first: Waiting | undefined
      for (const [key, queue] of waiting) {
        if (!isFree(key)) continue
        const [next] = queue
        if (next && (!first || next.number < first.number)) first = next
      }
      return first
    },

    /** Resolves to what `take` returns on admission, or to undefined when `signal` aborts before. */
    wait<T>(key: string, signal: AbortSignal, take: () => T): Promise<T | undefined> {
      return new Promise((resolve) => {
        const queue = waiting.get(key) ?? new Set()
        waiting.set(key, queue)
        const leave = () => {
          signal.removeEventListener('abort', giveUp)
          queue.delete(one)
          if (queue.size === 0) waiting.delete(key)
        }
        const giveUp = () => {
          leave()
          resolve(undefined)
        }
        const one = {
          number: arrived++,
          admit() {
            leave()
            resolve(take())
          },
        }
        queue.add(one)
        signal.addEventListener('abort', giveUp)
      })
    },
  }
}
