import { closeSync, openSync } from 'node:fs'

/**
 * Makes an empty file that only this user may read and write. One that is there stays as it is, and is not even opened:
 * closing it would end the locks that SQLite holds on it in this process. Returns whether it was made.
 */
export function createPrivateFile(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
