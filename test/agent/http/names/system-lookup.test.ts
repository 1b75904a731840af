import { expect, test } from 'vitest'
import { createSystemLookup } from '../../../../src/agent/http/names/system-lookup.ts'
import { createTestClock } from '../../../support/clock.ts'

const never = new AbortController().signal
const found = { addresses: [{ address: '192.168.1.9', family: 4 }], freshMs: 30_000 }

/** The system, whose questions are answered by hand. */
function createSystem() {
  const clock = createTestClock()
  const asked: { name: string; answer: () => void }[] = []
  const system = createSystemLookup((name) => {
    const { promise, resolve } = Promise.withResolvers<{ address: string }[]>()
    asked.push({ name, answer: () => resolve([{ address: '192.168.1.9' }]) })
    return promise
  }, clock)
  return { clock, asked, system, names: () => asked.map(({ name }) => name) }
}

test('a name whose servers are silent is not asked for while anybody waits', async () => {
  const { system, asked, names } = createSystem()
  const first = system.lookUp('printer.local', false, never)
  expect(await system.lookUp('silent.corp.example', true, never)).toEqual({ missing: 'silent' })
  asked[0]!.answer()
  expect(await first).toEqual(found)
  const silent = system.lookUp('silent.corp.example', true, never)
  await expect.poll(names).toEqual(['printer.local', 'silent.corp.example'])
  asked[1]!.answer()
  expect(await silent).toEqual(found)
})

test('after the system itself has hung it is not asked for silent names, for five minutes', async () => {
  const { system, asked, names, clock } = createSystem()
  const first = system.lookUp('silent-1.corp.example', true, never)
  await expect.poll(names).toHaveLength(1)
  await clock.advance(3000)
  asked[0]!.answer()
  await first
  await clock.advance(299_999)
  expect(await system.lookUp('silent-2.corp.example', true, never)).toEqual({ missing: 'silent' })
  await clock.advance(1)
  system.lookUp('silent-2.corp.example', true, never)
  await expect.poll(names).toEqual(['silent-1.corp.example', 'silent-2.corp.example'])
})

test('who no longer waits when its turn comes is not asked for', async () => {
  const { system, asked, names } = createSystem()
  const giveUp = new AbortController()
  const first = system.lookUp('one.local', false, never)
  const second = system.lookUp('two.local', false, giveUp.signal)
  giveUp.abort()
  asked[0]?.answer()
  await expect.poll(names).toHaveLength(1)
  asked[0]!.answer()
  await first
  expect(await second).toEqual({ missing: 'silent' })
  expect(names()).toEqual(['one.local'])
})
