import { closeSync, openSync } from 'node:fs'

/** Returns whether it was created. An existing file is not opened: closing it would end SQLite's locks on it. */
export function createPrivateFile(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
