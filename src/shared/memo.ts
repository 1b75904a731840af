import { LRUCache } from 'lru-cache'

const maxEntries = 200

export function createMemo(revision: () => string | number) {
  // A value may be undefined, which the cache takes for a miss.
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
    const drop = () => {
      if (entries.peek(key) === entry) entries.delete(key)
    }
    if (value instanceof Promise) value.catch(drop)
    return value
  }
}
