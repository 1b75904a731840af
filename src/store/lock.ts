import Database from 'better-sqlite3'
import { StoreOpenError } from '../errors.ts'
import { isBusy } from './writer.ts'

/**
 * Makes this process the only dashboard of a database file, until it ends, however it ends: two of them would each
 * take up the other's unfinished runs. The lock is one that the operating system takes back when a process dies, on
 * a file of its own beside the database, so that the Python program is not shut out. Returns what releases it.
 */
export function lockForDashboard(path: string): () => void {
  const lock = new Database(`${path}.lock`, { timeout: 0 })
  try {
    // In memory, or a journal file would stand beside the lock file.
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new StoreOpenError(
      `Another dashboard is already running on ${path}. Use that one, or start this one with another --db file.`,
    )
  }
  return () => lock.close()
}
