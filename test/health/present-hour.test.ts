import { expect, test } from 'vitest'
import { presentHour } from '../../src/web/health/last-hour.ts'

type Slots = Parameters<typeof presentHour>[0]['slots']

const at = Date.UTC(2026, 10, 22, 16, 30)
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)
const hour = (...slots: Slots) => presentHour({ at, slots: [...times(30 - slots.length, undefined), ...slots] })

test('an hour is a line for each state, however many bars it has', () => {
  const { paths, label, fromSeconds } = hour(...times(23, 'up' as const), ...times(7, 'down' as const))
  expect(paths).toEqual([
    { tone: 'good', d: 'M0,8h23' },
    { tone: 'bad', d: 'M23,5.5h7' },
    { tone: 'bad dot', d: 'M23,14.5h7' },
  ])
  expect(label).toBe('Last hour: 46 of 60 minutes healthy, 14 down')
  expect(fromSeconds * 1000).toBe(at - 58 * 60_000)
})

test('a state that comes back is drawn in the same line', () => {
  const { paths } = hour('up', 'down', 'up', 'up')
  expect(paths.find(({ tone }) => tone === 'good')!.d).toBe('M26,8h1m1,0h2')
})

test('an agent that was never checked has an empty hour', () => {
  const { paths, label } = hour()
  expect(paths).toEqual([{ tone: 'idle', d: 'M0,8h30' }])
  expect(label).toBe('Last hour: not checked')
})

test('each state has a shape of its own, and minutes without a check count for nothing', () => {
  const { paths, label } = hour('up', 'busy', 'degraded', 'down')
  const shapes = paths.map(({ d }) => d.replace(/^M\d+,/, '').replace(/h\d+$/, ''))
  expect(paths.map(({ tone }) => tone)).toEqual(['idle', 'good', 'working', 'waiting', 'bad', 'bad dot'])
  expect(shapes).toEqual(['8', '8', '12', '10', '5.5', '14.5'])
  expect(label).toBe('Last hour: 2 of 8 minutes healthy, 2 busy, 2 degraded, 2 down')
})
