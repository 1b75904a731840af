import { rmSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { createReadAgain } from '../../../../src/agent/http/names/read-again.ts'
import { createTestClock } from '../../../support/clock.ts'
import { temporaryFile } from '../../../support/temporary.ts'

test('a file is read again when it has changed, and only then', async () => {
  const path = temporaryFile('hosts')
  const clock = createTestClock()
  const parse = vi.fn((text: string) => text)
  const read = createReadAgain(path, parse, clock)
  expect(await read()).toBe('')

  writeFileSync(path, 'one')
  expect(await read()).toBe('')
  await clock.advance(5000)
  expect(await read()).toBe('one')

  for (let round = 0; round < 3; round++) {
    await clock.advance(5000)
    expect(await read()).toBe('one')
  }
  expect(parse).toHaveBeenCalledTimes(2)

  writeFileSync(path, 'two, longer')
  await clock.advance(5000)
  expect(await read()).toBe('two, longer')
  rmSync(path)
  await clock.advance(5000)
  expect(await read()).toBe('')
})
