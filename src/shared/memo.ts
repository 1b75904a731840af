import { LRUCache } from 'lru-cache'

const maxEntries = 200

/**
 * Keeps what was computed for a key until `revision` moves, and of that at most 200 values, those that were asked for
 * last. Of a promise, `revision` counts when it is made: what it reads may be newer, and is then read again.
 */
export function createMemo(revision: () => string | number) {
  // A value may be undefined, which the cache takes for none.
  const entries = new LRUCache<string, { value: unknown }>({ max: maxEntries })
  let entriesAt: string | number | undefined

  return <T>(key: string, compute: () => T): T => {
    const now = revision()
    if (now !== entriesAt) {
      entries.clear()
      entriesAt = now
    }
    const known = entries.get(key)
    if (known) return known.value as T
    const value = compute()
    const entry = { value }
    entries.set(key, entry)
    const forget = () => {
      if (entries.peek(key) === entry) entries.delete(key)
    }
    if (value instanceof Promise) value.catch(forget)
    return value
  }
}
