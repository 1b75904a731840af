import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utc, zoneNamed } from '../../../src/shared/time/zone.ts'
import { presentCostDays } from '../../../src/web/format/plot/days.ts'
import { levelsUpTo } from '../../../src/web/format/plot/levels.ts'
import { momentsOfBars } from '../../../src/web/format/plot/moments.ts'
import { createTimes } from '../../../src/web/format/times.ts'
import { dayMs, hourMs } from '../../support/agents/agent-history.ts'

test('two grid lines are round numbers, and leave little room above', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 10_000_000 }), (highest) => {
      const { top, levels } = levelsUpTo(highest, 1)
      expect(levels).toEqual([top / 2, top])
      expect(top).toBeGreaterThanOrEqual(highest)
      expect(top / highest).toBeLessThanOrEqual(highest < 10 ? 2 : 1.34)
      expect(Number.isInteger(levels[0])).toBe(true)
      expect(String(levels[0]).replace(/0+$/, '').length).toBeLessThanOrEqual(2)
    }),
  )
  expect(levelsUpTo(1, 1)).toEqual({ top: 2, levels: [1, 2] })
  expect(levelsUpTo(14, 1).levels).toEqual([8, 16])
  expect(levelsUpTo(0.0003, 0.00005).levels[1]).toBeCloseTo(0.0003, 8)
})

test('bars are named by the clock of who reads, also where that is half an hour off', () => {
  const from = Date.UTC(2026, 10, 20)
  const starts = Array.from({ length: 24 }, (_, index) => from + index * hourMs)
  const named = (zone: string) =>
    momentsOfBars(starts, hourMs, createTimes(zoneNamed(zone)!, from + dayMs)).map(({ label }) => label)
  expect(named('UTC')).toEqual(['00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00', '21:00'])
  // A bar that begins later than others would is not named by when it begins.
  const cut = starts.with(0, from + hourMs / 2)
  expect(momentsOfBars(cut, hourMs, createTimes(utc, from + dayMs))[0]).toMatchObject({ label: '03:00' })
  expect(named('Asia/Kolkata')).toEqual(['06:30', '09:30', '12:30', '15:30', '18:30', '21:30', '00:30', '03:30'])
})

test('the cost of a day stands beside that of a week before, and is as high as it was', () => {
  const monday = Date.UTC(2026, 10, 16)
  const days = Array.from({ length: 7 }, (_, index) => ({
    from: monday + index * dayMs,
    cost: index > 4 ? undefined : index === 1 ? null : index * 2,
    lastWeek: index === 0 ? null : 5,
    path: `/runs?day=${index}`,
  }))
  const times = createTimes(utc, monday + 4 * dayMs + hourMs)
  const { plot, table } = presentCostDays(days, { id: 'costs', height: 100, times })
  expect(plot.slots.map(({ parts }) => parts.map(({ tone, height }) => [tone, height]))).toEqual([
    [],
    [['ghost', 62.5]],
    [
      ['ghost', 62.5],
      ['vol', 50],
    ],
    [
      ['ghost', 62.5],
      ['vol', 75],
    ],
    [
      ['ghost', 62.5],
      ['vol today', 100],
    ],
    [['ghost', 62.5]],
    [['ghost', 62.5]],
  ])
  expect(plot.moments.map(({ label, below }) => [label, below])).toEqual([
    ['Mon', '$0.00'],
    ['Tue', '–'],
    ['Wed', '$4.00'],
    ['Thu', '$6.00'],
    ['Today', '$8.00'],
    ['Sat', '–'],
    ['Sun', '–'],
  ])
  expect(table.rows.slice(3, 6)).toEqual([
    { when: 'Yesterday', cells: ['$6.00', '$5.00'] },
    { when: 'Today', cells: ['$8.00', '$5.00'] },
    { when: 'Sat 21 Nov', cells: ['', '$5.00'] },
  ])
  expect(plot.slots[2]).toMatchObject({ path: '/runs?day=2', label: 'Wed 18 Nov: $4.00' })
})
