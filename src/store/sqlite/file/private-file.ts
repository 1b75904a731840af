import { closeSync, openSync } from 'node:fs'

/**
 * Creates an empty file that only this user may read and write. Returns whether it did. An existing one is not opened:
 * closing it would end the locks that SQLite holds on it in this process.
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
