import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'

/** A fresh folder, removed with all that is in it when the test that asked for it has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(inject('temporary'), 'test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The path of a file in a fresh folder. There is no such file yet. */
export function temporaryFile(name = 'workflows.db'): string {
  return join(temporaryFolder(), name)
}
