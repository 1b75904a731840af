import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { openStore } from '../../../src/store/sqlite/file/open.ts'
import { createTestClock } from '../clock.ts'

const template = join(inject('temporary'), `template-${process.pid}.db`)
let made: Promise<void> | undefined

/** Puts an empty database of the dashboard at `path`: a copy is there much sooner than the migrations are applied. */
export async function copyEmptyDatabase(path: string): Promise<void> {
  made ??= openStore(template, createTestClock()).close()
  await made
  copyFileSync(template, path)
}
