import type { Database } from 'better-sqlite3'

export type Room = {
  /** Writes so many bytes, to see whether they fit. */
  take(bytes: number): void
  /** In a transaction of its own: what is deleted by the same one is never written. */
  giveBack(): void
}

export function createRoom(sqlite: Database): Room {
  const put = sqlite.prepare(
    `INSERT INTO dashboard_state (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`,
  )
  const drop = sqlite.prepare(`DELETE FROM dashboard_state WHERE key = 'room'`)
  const isTaken = sqlite.prepare(`SELECT 1 FROM dashboard_state WHERE key = 'room'`).pluck()
  const giveBack = () => void drop.run()
  // The last process may have ended between the two.
  if (isTaken.get() !== undefined) giveBack()

  return { take: (bytes) => void put.run('room', Buffer.alloc(bytes)), giveBack }
}
