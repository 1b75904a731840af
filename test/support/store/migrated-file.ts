import { writeFileSync } from 'node:fs'
import { openStore } from '../../../src/store/sqlite/file/open.ts'
import { createTestClock } from '../clock.ts'
import { temporaryFile } from '../temporary.ts'

let empty: Buffer | undefined

/** Puts an empty database of the dashboard at `path`: a copy is there much sooner than the migrations are applied. */
export function copyEmptyDatabase(path: string): void {
  empty ??= emptyDatabase()
  writeFileSync(path, empty, { mode: 0o600 })
}

function emptyDatabase(): Buffer {
  const store = openStore(temporaryFile(), createTestClock())
  try {
    return store.db.$client.serialize()
  } finally {
    store.close()
  }
}
