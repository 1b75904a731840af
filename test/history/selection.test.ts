import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type RunSort, runSorts } from '../../src/orchestrator/history/filter.ts'
import { orderOf, selectionOf } from '../../src/orchestrator/history/selection.ts'
import { createRunCounts, createRunSample } from '../../src/store/sqlite/history/counts.ts'
import { createRunFigures } from '../../src/store/sqlite/history/figures.ts'
import { createRunLists } from '../../src/store/sqlite/history/list.ts'
import { createRunReading } from '../../src/store/sqlite/history/reading.ts'
import type { RunPlace } from '../../src/store/sqlite/history/scan.ts'
import { createRunSums } from '../../src/store/sqlite/history/sums.ts'
import { anyFilter, anyIndexed, anyRun, at, createHistory } from '../support/any-history.ts'
import { endurance } from '../support/endurance.ts'

const histories = endurance(60, 2000)
const timeoutMs = 30_000 + histories * 100

/** So small that every way to read and every reason to stop is taken. */
const limits = fc.record({
  budget: fc.constantFrom(1, 20, 60, 100_000),
  cost: fc.constantFrom(1, 3, 25, 100_000),
  probed: fc.constantFrom(1, 3, 1000),
  sorted: fc.constantFrom(0, 2, 5, 1000),
  held: fc.constantFrom(0, 1, 1000),
})

test(
  'any filter in any order has the runs that looking at each of them finds, page by page, while others arrive',
  () => {
    const world = createHistory()
    fc.assert(
      fc.property(
        fc.record({
          runs: fc.array(fc.tuple(anyRun, anyIndexed), { minLength: 1, maxLength: 14 }),
          later: fc.array(fc.tuple(anyRun, anyIndexed), { maxLength: 5 }),
          filter: anyFilter,
          sort: fc.constantFrom(...runSorts),
          size: fc.integer({ min: 1, max: 4 }),
          limits,
        }),
        ({ runs, later, filter, sort, size, limits }) => {
          world.clear()
          for (const [one, indexed] of runs) world.add(one, indexed)
          const reading = createRunReading(world.store.db, limits)
          const lists = createRunLists(reading)
          const idsNow = () => world.naive(filter, sort).map(({ id }) => id)
          const before = idsNow()
          const arriving = [...later]
          const selection = selectionOf(filter, reading.known)
          const order = orderOf(sort)

          const forward: string[] = []
          let after: RunPlace | undefined
          let last: RunPlace | undefined
          for (let pages = 0; ; pages++) {
            expect(pages).toBeLessThan(1000)
            const page = lists.page(selection, { order, after, size })
            forward.push(...page.rows.map(({ id }) => id))
            expect(page.rows.length).toBeLessThanOrEqual(size)
            if (page.isMore && !page.searchedTo) expect(page.rows).toHaveLength(size)
            const end = page.rows.at(-1)
            last = page.searchedTo ?? (end && placeOf(end, sort)) ?? last
            if (!page.isMore) break
            after = last
            const next = arriving.shift()
            if (next) world.add(next[0], next[1])
          }
          expect(forward.filter((id) => before.includes(id))).toEqual(before)
          const now = idsNow()
          expect(forward.filter((id) => !now.includes(id))).toEqual([])
          expect(new Set(forward).size).toBe(forward.length)

          if (last === undefined) return
          const backward: string[] = []
          // The run at the place itself is not before it.
          const ahead = now.slice(0, now.indexOf(forward.at(-1)!))
          let earlier: RunPlace = last
          for (let pages = 0; ; pages++) {
            expect(pages).toBeLessThan(1000)
            const page = lists.page(selection, { order, before: earlier, size })
            backward.unshift(...page.rows.map(({ id }) => id))
            if (!page.isMore) break
            earlier = page.searchedTo ?? placeOf(page.rows[0]!, sort)
            const next = arriving.shift()
            if (next) world.add(next[0], next[1])
          }
          const seen = new Set(ahead)
          expect(backward.filter((id) => seen.has(id) && id !== forward.at(-1))).toEqual(ahead)
          expect(new Set(backward).size).toBe(backward.length)
        },
      ),
      { numRuns: histories },
    )
  },
  timeoutMs,
)

function placeOf(
  row: { seq: number; durationSeconds: number | null; totalTokens: number | null; totalCostUsd: number | null },
  sort: RunSort,
): RunPlace {
  if (sort.endsWith('started')) return { seq: row.seq }
  const values = { duration: row.durationSeconds, tokens: row.totalTokens, cost: row.totalCostUsd }
  return { seq: row.seq, value: values[sort.replace('-', '') as keyof typeof values] }
}

test(
  'counts, bars and figures are those of the runs that looking at each of them finds',
  () => {
    const world = createHistory()
    fc.assert(
      fc.property(
        fc.record({
          runs: fc.array(fc.tuple(anyRun, anyIndexed), { maxLength: 14 }),
          filter: anyFilter,
          limits,
          since: fc.nat(13),
        }),
        ({ runs, filter, limits, since }) => {
          world.clear()
          for (const [one, indexed] of runs) world.add(one, indexed)
          const meant = world.naive(filter, 'started')
          const reading = createRunReading(world.store.db, limits)
          const sums = createRunSums(world.store.db, reading.names)
          const selection = selectionOf(filter, reading.known)
          const sample = () => createRunSample(reading)(selection)

          const count = createRunCounts(reading, sums)(selection)
          if (count.isExact) expect(count).toEqual({ runs: meant.length, byStatus: byStatus(meant), isExact: true })
          else expect(count.runs).toBeLessThanOrEqual(meant.length)
          if (limits.budget > 1000) expect(count.isExact).toBe(true)

          const figures = createRunFigures(reading, sums)(selection, at + 150_000 * 60_000, sample)
          const looked = figures.sample?.of === 'all' ? meant.slice(0, figures.sample.runs) : meant
          expect(figures).toMatchObject({ runs: looked.length, byStatus: byStatus(looked) })
          expect(figures.tokens).toBe(sum(looked.map(({ tokens }) => tokens)))
          expect(figures.cost).toBeCloseTo(sum(looked.map(({ cost }) => cost)))
          const timed = figures.sample ? meant.slice(0, figures.sample.runs) : meant
          const durations = timed.flatMap(({ duration }) => duration ?? []).sort((a, b) => a - b)
          expect(figures.p50).toBe(durations[Math.ceil(durations.length / 2) - 1])
          const inTime = looked.filter(({ startedAt }) => typeof startedAt === 'number')
          const shown = figures.bars.flatMap((bar) =>
            inTime.filter(({ startedAt }) => bar.from <= Number(startedAt) && Number(startedAt) < bar.to),
          )
          const { outside } = figures
          const left = outside.earlier + outside.later
          expect(shown.length + left).toBe(inTime.length)
          expect(sum(figures.bars.map((bar) => bar.runs))).toBe(shown.length)
          if (left > 0) expect(left).toBeLessThan(inTime.length)
          expect(figures.bars.length).toBeLessThanOrEqual(60)

          const place = world.places()[since]
          if (place === undefined) return
          const later = createRunLists(reading).countAfter(selection, { seq: place }, 3)
          const expected = meant.filter(({ id }) => world.placeOf(id) > place).length
          expect(later.isExact ? later.runs : Math.max(later.runs, expected)).toBe(expected)
          if (limits.budget > 1000) expect(later).toEqual({ runs: Math.min(3, expected), isExact: expected <= 3 })
        },
      ),
      { numRuns: histories },
    )
  },
  timeoutMs,
)

test('words in a row that are not wanted leave out no run that has them in another order', () => {
  const world = createHistory()
  const outputs = (text: string) => ({ agent: 'writer', agentId: 'writer', outputs: text, inputs: null, error: null })
  const rest = { workflow: null, status: 'completed', startedAt: at, duration: null, cost: null, tokens: null }
  for (const text of ['safety jazz rome', 'safety rome jazz', 'jazz rome'])
    world.add({ ...rest, ...outputs(text) }, 'indexed')
  const search = [
    { isNot: false, kind: 'words' as const, words: ['safety'] },
    { isNot: true, kind: 'words' as const, words: ['jazz', 'rome'] },
  ]
  const reading = createRunReading(world.store.db)
  const lists = createRunLists(reading)
  const page = lists.page(selectionOf({ agents: [], statuses: [], search }, reading.known), {
    order: orderOf('started'),
    size: 9,
  })
  expect(page.rows.map(({ id }) => id)).toEqual(['run-1'])
})

test('a run is found by what it says now, whatever the index has of it', () => {
  const world = createHistory()
  const rest = { agent: 'writer', agentId: 'writer', workflow: null, status: 'completed', startedAt: at }
  const unknown = { duration: null, cost: null, tokens: null, outputs: null, error: null }
  // The index has “safety” of it.
  world.add({ ...rest, ...unknown, inputs: 'weather' }, 'outdated')
  const reading = createRunReading(world.store.db)
  const lists = createRunLists(reading)
  const found = (word: string) => {
    const search = [{ isNot: false, kind: 'words' as const, words: [word] }]
    return lists.page(selectionOf({ agents: [], statuses: [], search }, reading.known), {
      order: orderOf('started'),
      size: 9,
    }).rows
  }
  expect(found('safety')).toEqual([])
  expect(found('weather')).toHaveLength(1)
})

const sum = (values: (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0)

function byStatus(runs: { status: string }[]): Map<string, number> {
  const statuses = [...new Set(runs.map(({ status }) => status))]
  return new Map(statuses.map((status) => [status, runs.filter((run) => run.status === status).length]))
}
