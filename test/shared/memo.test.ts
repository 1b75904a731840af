import { expect, test } from 'vitest'
import { createMemo } from '../../src/shared/memo.ts'

function createCounted() {
  let revision = 0
  let computed = 0
  const memo = createMemo(() => revision)
  return {
    ask: (key: string) => memo(key, () => `${key}${++computed}`),
    change: () => revision++,
    memo,
  }
}

test('computes what is asked for again only after something has changed', () => {
  const { ask, change } = createCounted()
  expect([ask('a'), ask('a'), ask('b'), ask('a')]).toEqual(['a1', 'a1', 'b2', 'a1'])
  change()
  expect([ask('a'), ask('a')]).toEqual(['a3', 'a3'])
})

test('keeps values that count as nothing', () => {
  const { memo } = createCounted()
  let computed = 0
  for (let time = 0; time < 3; time++) {
    memo('nothing', () => {
      computed++
      return undefined
    })
  }
  expect(computed).toBe(1)
})

test('keeps no failure', () => {
  const { memo, ask } = createCounted()
  expect(() =>
    memo('a', () => {
      throw new Error('busy')
    }),
  ).toThrow('busy')
  expect(ask('a')).toBe('a1')
})

test('keeps a promise, and none that failed', async () => {
  const { memo } = createCounted()
  let computed = 0
  const ask = (isBusy: boolean) =>
    memo('a', async () => {
      if (isBusy) throw new Error('busy')
      return ++computed
    })
  await expect(ask(true)).rejects.toThrow('busy')
  expect(await Promise.all([ask(false), ask(true), ask(false)])).toEqual([1, 1, 1])
})

test('keeps a limited number of values: what was not asked for longest goes first', () => {
  const { ask } = createCounted()
  for (let index = 0; index < 200; index++) ask(`key ${index} `)
  ask('key 0 ')
  expect(ask('key 200 ')).toBe('key 200 201')
  expect(ask('key 0 ')).toBe('key 0 1')
  expect(ask('key 1 ')).toBe('key 1 202')
})
