import { expect, test } from 'vitest'
import { createRevision } from '../../src/shared/revision.ts'

test('a revision moves with each of its parts, and back with it', () => {
  const parts = { one: 0, two: 'a', three: 0 }
  const revision = createRevision(
    () => parts.one,
    () => parts.two,
    () => parts.three,
  )
  const first = revision()
  expect(revision()).toBe(first)
  const seen = new Set([first])
  for (const change of [{ one: 1 }, { two: 'b' }, { three: 1 }, { one: 2, three: 3 }]) {
    Object.assign(parts, change)
    const now = revision()
    expect([revision(), revision()]).toEqual([now, now])
    seen.add(now)
  }
  expect(seen.size).toBe(5)
  Object.assign(parts, { one: 0, two: 'a', three: 0 })
  expect(revision()).toBe(first)
})

test('two of the same parts move apart', () => {
  let count = 0
  const [one, other] = [
    createRevision(() => count),
    createRevision(
      () => 'fixed',
      () => count,
    ),
  ]
  const before = [one(), other()]
  count++
  expect(one()).not.toBe(before[0])
  expect(other()).not.toBe(before[1])
})
