import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSlots } from '../../src/shared/slots/slots.ts'

/** Takes places, and notes in which order they are given. */
function createTakers(perAgent: number, inAll: number) {
  const slots = createSlots(perAgent, inAll)
  const held: string[] = []
  const left: string[] = []
  const releases = new Map<string, () => void>()
  const leaving = new Map<string, AbortController>()
  return {
    slots,
    held,
    left,
    take(name: string, agentId = name[0]!) {
      const leave = new AbortController()
      leaving.set(name, leave)
      void slots.take(agentId, name, leave.signal).then((slot) => {
        if (!slot) return void left.push(name)
        held.push(name)
        releases.set(name, slot.release)
      })
    },
    leave(name: string) {
      leaving.get(name)!.abort()
    },
    release(name: string) {
      releases.get(name)!()
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('so many runs have a place on one agent, and the next waits', async () => {
  const { take, release, held } = createTakers(2, 100)
  for (const name of ['a1', 'a2', 'a3', 'b1']) take(name)
  await settled()
  expect(held).toEqual(['a1', 'a2', 'b1'])
  release('a1')
  await settled()
  expect(held).toEqual(['a1', 'a2', 'b1', 'a3'])
})

test('so many runs have a place in all', async () => {
  const { take, release, held } = createTakers(2, 3)
  for (const name of ['a1', 'a2', 'b1', 'b2', 'c1']) take(name)
  await settled()
  expect(held).toEqual(['a1', 'a2', 'b1'])
  release('a2')
  await settled()
  expect(held.at(-1)).toBe('b2')
})

test('who came first goes first, except past an agent that is full', async () => {
  const { take, release, held } = createTakers(1, 2)
  for (const name of ['a1', 'b1', 'a2', 'c1', 'a3']) take(name)
  await settled()
  release('b1')
  await settled()
  expect(held).toEqual(['a1', 'b1', 'c1'])
  release('a1')
  await settled()
  expect(held.at(-1)).toBe('a2')
})

test('a place that is given back twice is given back once', async () => {
  const { take, release, held } = createTakers(1, 100)
  for (const name of ['a1', 'a2', 'a3']) take(name)
  await settled()
  release('a1')
  release('a1')
  await settled()
  expect(held).toEqual(['a1', 'a2'])
})

test('who does not want to wait any longer leaves the queue at once, and keeps nobody waiting', async () => {
  const { take, release, leave, held, left } = createTakers(1, 100)
  for (const name of ['a1', 'a2', 'a3']) take(name)
  await settled()
  leave('a2')
  await settled()
  expect(left).toEqual(['a2'])
  release('a1')
  await settled()
  expect(held).toEqual(['a1', 'a3'])
  // Who has a slot has left the queue: this changes nothing.
  leave('a3')
  take('a4')
  await settled()
  expect([held, left]).toEqual([['a1', 'a3'], ['a2']])
})

test('a slot that is taken again is over the limit, and nobody is admitted until there is room', async () => {
  const { slots, take, held } = createTakers(1, 2)
  const { signal } = new AbortController()
  const job = (await slots.take('a', 'job', signal))!
  take('a2')
  job.release()
  await settled()
  job.hold()
  job.hold()
  expect([held, slots.takenBy('a')]).toEqual([['a2'], 2])
  take('a3')
  take('b1')
  job.release()
  await settled()
  expect(held).toEqual(['a2', 'b1'])
})

test('who waits can be told for whom', async () => {
  const { slots, take } = createTakers(2, 3)
  slots.seize('a', 'job')
  for (const name of ['a1', 'a2', 'b1', 'b2']) take(name)
  const a = [
    { key: 'a', name: 'job' },
    { key: 'a', name: 'a1' },
  ]
  expect(slots.blocking('a')).toEqual({ limit: 'key', slots: 2, holders: a })
  expect(slots.blocking('b')).toEqual({ limit: 'all', slots: 3, holders: [...a, { key: 'b', name: 'b1' }] })
})

test('in any order of coming and going, no limit is passed and nobody waits for nothing', async () => {
  const step = fc.oneof(
    fc.constantFrom('a', 'b', 'c').map((agentId) => ({ agentId })),
    fc.nat().map((index) => ({ index })),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const slots = createSlots(2, 4)
      const held: { agentId: string; release: () => void }[] = []
      const waiting: Record<string, number> = { a: 0, b: 0, c: 0 }
      for (const one of steps) {
        if ('agentId' in one) {
          const { agentId } = one
          waiting[agentId]!++
          void slots.take(agentId, '', new AbortController().signal).then((slot) => {
            waiting[agentId]!--
            held.push({ agentId, release: slot!.release })
          })
        } else if (held.length > 0) {
          held.splice(one.index % held.length, 1)[0]!.release()
        }
        await Promise.resolve().then(() => Promise.resolve())
        const heldBy = (agentId: string) => held.filter((other) => other.agentId === agentId).length
        expect(held.length).toBeLessThanOrEqual(4)
        for (const agentId of ['a', 'b', 'c']) {
          expect(heldBy(agentId)).toBeLessThanOrEqual(2)
          if (waiting[agentId]! > 0) expect(held.length === 4 || heldBy(agentId) === 2).toBe(true)
        }
      }
    }),
  )
})
