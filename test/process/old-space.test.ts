import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { holdOldSpace } from '../../src/process/old-space.ts'

test('the growth of the heap is held by a flag that V8 knows: it says nothing of one that it does not', () => {
  const flags: string[] = []
  holdOldSpace((flag) => flags.push(flag))
  expect(flags).toEqual([expect.stringMatching(/^--heap-growing-percent=\d+$/)])
  expect(execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })).toContain('--heap-growing-percent ')
})
