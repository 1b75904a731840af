import { expect, test } from 'vitest'
import { createNames, type Lookup } from '../../../../src/agent/http/names/names.ts'
import { createTestClock, settle } from '../../../support/clock.ts'

const never = new AbortController().signal
const four = (address: string): Lookup => ({ addresses: [{ address, family: 4 }], freshMs: 30_000 })

/** Names whose lookups are answered by hand, in the order in which they were begun. */
function createAsked() {
  const clock = createTestClock()
  const lookups: { name: string; answer: (lookup: Lookup) => Promise<void> }[] = []
  const names = createNames((name) => {
    const { promise, resolve } = Promise.withResolvers<Lookup>()
    lookups.push({
      name,
      answer: (lookup) => {
        resolve(lookup)
        return settle()
      },
    })
    return promise
  }, clock)
  const resolve = (host: string, signal = never) =>
    names.resolve(host, signal).then(
      (found) => found.map(({ address }) => address).join(' '),
      (error) => `${error.kind}: ${error.reason}`,
    )
  return { clock, lookups, names, resolve }
}

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '::1'],
  ['10.1.2.3', '10.1.2.3'],
  ['localhost', '127.0.0.1 ::1'],
  ['LocalHost.', '127.0.0.1 ::1'],
  ['writer.localhost', '127.0.0.1 ::1'],
])('%s is looked up nowhere', async (host, addresses) => {
  const { lookups, resolve } = createAsked()
  expect(await resolve(host)).toBe(addresses)
  expect(lookups).toEqual([])
})

test('a name is looked up once, whoever asks for it, and not again while the answer is fresh', async () => {
  const { clock, lookups, resolve } = createAsked()
  const answers = [resolve('agent-1.corp.example'), resolve('Agent-1.Corp.Example')]
  await lookups[0]!.answer(four('10.0.0.5'))
  expect(await Promise.all(answers)).toEqual(['10.0.0.5', '10.0.0.5'])
  await clock.advance(29_999)
  expect(await resolve('agent-1.corp.example')).toBe('10.0.0.5')
  expect(lookups).toHaveLength(1)

  await clock.advance(1)
  const again = resolve('agent-1.corp.example')
  await lookups[1]!.answer(four('10.0.0.6'))
  expect(await again).toBe('10.0.0.6')
})

test('one name never delays another', async () => {
  const { lookups, resolve } = createAsked()
  const silent = Array.from({ length: 20 }, (_, index) => resolve(`silent-${index}.corp.example`))
  const well = resolve('well.corp.example')
  await lookups.at(-1)!.answer(four('10.0.0.5'))
  expect(await well).toBe('10.0.0.5')
  for (const { answer } of lookups) await answer({ missing: 'silent' })
  expect(await silent[7]).toBe('name: could not resolve silent-7.corp.example')
})

test('who gives up waiting is told which name it was; the lookup goes on for others', async () => {
  const { lookups, resolve } = createAsked()
  const giveUp = new AbortController()
  const [impatient, patient] = [resolve('agent-1.corp.example', giveUp.signal), resolve('agent-1.corp.example')]
  giveUp.abort()
  expect(await impatient).toBe('name: could not resolve agent-1.corp.example')
  await lookups[0]!.answer(four('10.0.0.5'))
  expect(await patient).toBe('10.0.0.5')
  expect(lookups).toHaveLength(1)
  expect(await resolve('agent-2.corp.example', giveUp.signal)).toBe('name: could not resolve agent-2.corp.example')
})

test('the last good answer holds while name servers are silent, for an hour, and nobody waits long for them', async () => {
  const { clock, lookups, resolve } = createAsked()
  const first = resolve('agent-1')
  await lookups[0]!.answer(four('10.0.0.5'))
  await first

  await clock.advance(60_000)
  const second = resolve('agent-1')
  await clock.advance(300)
  expect(await second).toBe('10.0.0.5')
  await lookups[1]!.answer({ missing: 'silent' })

  const third = resolve('agent-1')
  await lookups[2]!.answer({ missing: 'failing' })
  expect(await third).toBe('10.0.0.5')

  await clock.advance(3_600_000)
  const late = resolve('agent-1')
  await lookups[3]!.answer({ missing: 'silent' })
  expect(await late).toBe('name: could not resolve agent-1')
})

test('a name that no longer exists is believed to be gone', async () => {
  const { clock, lookups, resolve } = createAsked()
  const first = resolve('agent-1')
  await lookups[0]!.answer(four('10.0.0.5'))
  await first
  await clock.advance(30_000)
  const gone = resolve('agent-1')
  await lookups[1]!.answer({ missing: 'unknown' })
  expect(await gone).toBe('name: could not resolve agent-1')
  const silent = resolve('agent-1')
  await lookups[2]!.answer({ missing: 'silent' })
  expect(await silent).toBe('name: could not resolve agent-1')
})

test('when nobody answers at an address, the name is looked up again, and the old one still holds meanwhile', async () => {
  const { clock, lookups, names, resolve } = createAsked()
  const first = resolve('agent-1')
  await lookups[0]!.answer(four('10.0.0.5'))
  await first
  names.doubt('Agent-1')
  const moved = resolve('agent-1')
  await lookups[1]!.answer(four('10.0.0.6'))
  expect(await moved).toBe('10.0.0.6')
  names.doubt('agent-1')
  const silent = resolve('agent-1')
  await clock.advance(300)
  expect(await silent).toBe('10.0.0.6')
})

test('a lookup that breaks off is a failure of that name alone', async () => {
  const names = createNames(() => Promise.reject(new Error('no')), createTestClock())
  await expect(names.resolve('agent-1', never)).rejects.toMatchObject({ kind: 'name', isUnsent: true })
})
