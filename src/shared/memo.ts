const mostEntries = 200

/** Keeps what was computed for a key until `revision` moves. The oldest entries go when there are too many. */
export function createMemo(revision: () => string | number) {
  let entries = new Map<string, unknown>()
  let entriesAt: string | number | undefined

  return <T>(key: string, compute: () => T): T => {
    const now = revision()
    if (now !== entriesAt) {
      entries = new Map()
      entriesAt = now
    }
    if (entries.has(key)) return entries.get(key) as T
    const value = compute()
    if (entries.size >= mostEntries) entries.delete(entries.keys().next().value!)
    entries.set(key, value)
    return value
  }
}
