import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurn } from '../../../src/shared/time/turn.ts'

function counting() {
  let asked = 0
  const turn = createTurn()
  return { turn, ask: turn.once(() => ++asked) }
}

test('all requests of a turn share an answer, and the next turn gets another', async () => {
  const { turn, ask } = counting()
  turn.begin()
  const first = ask()
  turn.begin()
  expect([first, ask(), ask()]).toEqual([1, 1, 1])
  await Promise.resolve()
  expect(ask()).toBe(1)
  await setImmediate()
  turn.begin()
  expect([ask(), ask()]).toEqual([2, 2])
})

test('what was asked before a turn, or is asked after it, is not shared', async () => {
  const { turn, ask } = counting()
  expect([ask(), ask()]).toEqual([1, 2])
  turn.begin()
  expect([ask(), ask()]).toEqual([3, 3])
  await setImmediate()
  expect([ask(), ask()]).toEqual([4, 5])
})

test('each question has an answer of its own', () => {
  const turn = createTurn()
  const [one, other] = [turn.once(() => 'one'), turn.once(() => 'other')]
  turn.begin()
  expect([one(), other(), one()]).toEqual(['one', 'other', 'one'])
})
