import fc from 'fast-check'
import { expect, test } from 'vitest'
import { selectionOf } from '../../../src/orchestrator/history/selection.ts'
import { minuteMs } from '../../../src/shared/time/durations.ts'
import { zoneNamed } from '../../../src/shared/time/zone.ts'
import { at } from '../../support/history/any-history.ts'
import { anyHistory, byStatus, histories, idsIn, newestFirst, sum, timeoutMs, usual } from './common.ts'
import type { OpenHistory } from './world.ts'

/** With days of 23 to 25 hours, and days that begin within an hour of UTC. */
const anyZone = fc.constantFrom(
  ...['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns'].map(
    (name) => zoneNamed(name)!,
  ),
)

export function numbers(open: OpenHistory): void {
  test(
    'counts, bars and figures are those of the runs that looking at each of them finds',
    async () => {
      const world = await open()
      await fc.assert(
        fc.asyncProperty(fc.record({ ...anyHistory, since: fc.nat(13), zone: anyZone }), async (given) => {
          const { runs, filter, which, since, zone } = given
          await world.clear()
          for (const run of runs) await world.add(...run)
          const selected = world.naive(filter, 'started')
          const history = world.histories[which % world.histories.length]!
          const isUsual = history === world.store.history
          const selection = selectionOf(filter)

          const count = await history.count(selection)
          if (count.isExact) expect(count.runs).toBe(selected.length)
          else expect(count.runs).toBeLessThanOrEqual(selected.length)
          if (count.byStatus) expect(count.byStatus).toEqual(byStatus(selected))
          if (isUsual) expect(count).toEqual({ runs: selected.length, byStatus: byStatus(selected), isExact: true })

          const figures = await history.figures(selection, at + 150_000 * minuteMs, zone)
          const looked = figures.sample?.of === 'all' ? selected.slice(0, figures.sample.runs) : selected
          expect(figures).toMatchObject({ runs: looked.length, byStatus: byStatus(looked) })
          expect(figures.tokens).toBe(sum(looked.map(({ tokens }) => tokens)))
          expect(figures.cost).toBeCloseTo(sum(looked.map(({ cost }) => cost)))
          const timed = figures.sample ? selected.slice(0, figures.sample.runs) : selected
          const durations = timed.flatMap(({ duration }) => duration ?? []).sort((a, b) => a - b)
          expect(figures.p50).toBe(durations[Math.ceil(durations.length / 2) - 1])
          const dated = looked.filter(({ startedAt }) => typeof startedAt === 'number')
          const shown = figures.bars.flatMap((bar) =>
            dated.filter(({ startedAt }) => bar.from <= Number(startedAt) && Number(startedAt) < bar.to),
          )
          const left = figures.outside.earlier + figures.outside.later
          expect(shown.length + left).toBe(dated.length)
          expect(sum(figures.bars.map((bar) => bar.runs))).toBe(shown.length)
          expect(sum(figures.bars.map((bar) => bar.cost))).toBeCloseTo(sum(shown.map(({ cost }) => cost)))
          if (left > 0) expect(left).toBeLessThan(dated.length)
          expect(figures.bars.length).toBeLessThanOrEqual(60)
          expect(figures.total.runs).toBeGreaterThanOrEqual(figures.runs)

          const all = await world.store.history.page({}, { order: newestFirst, max: 100 })
          const position = all.runs[since]?.position
          if (position === undefined) return
          const later = new Set(idsIn(all.runs.slice(0, since)))
          const expected = selected.filter(({ id }) => later.has(id)).length
          const counted = await history.countAfter(selection, position, 3)
          expect(counted.isExact ? counted.runs : Math.max(counted.runs, expected)).toBe(expected)
          if (isUsual) expect(counted).toEqual({ runs: Math.min(3, expected), isExact: expected <= 3 })
        }),
        { numRuns: histories },
      )
    },
    timeoutMs,
  )

  test(
    'the counts of a list are what its pages come to',
    async () => {
      const world = await open()
      await fc.assert(
        fc.asyncProperty(fc.record(anyHistory), async ({ runs, filter, which }) => {
          await world.clear()
          for (const run of runs) await world.add(...run)
          const history = world.histories[which % world.histories.length]!
          const selection = selectionOf(filter)
          const whole = world.naive(filter, 'started').length
          const ofAnyStatus = world.naive({ ...filter, statuses: [] }, 'started').length
          const request = { order: newestFirst, max: 3 }
          const first = await history.list(selection, request)
          expect(first.total.runs).toBeGreaterThanOrEqual(first.runs.length)
          expect(first.total.runs).toBeLessThanOrEqual(whole)
          expect(first.counts.runs).toBeLessThanOrEqual(ofAnyStatus)
          expect(await history.countAhead(selection, true)).toBe(true)
          const { counts, total } = await history.list(selection, request)
          expect({ ...total, isExact: true }).toMatchObject({ runs: whole, isExact: total.isExact })
          expect(counts).toMatchObject({ runs: ofAnyStatus, isExact: true })
        }),
        { numRuns: histories },
      )
    },
    timeoutMs,
  )

  test('a list has the names of the whole history, and knows a run as soon as it is written', async () => {
    const { store, add, remove } = await open()
    const list = () => store.history.list({ agents: ['nobody'] }, { order: newestFirst, max: 9 })
    await add({ ...usual, agent: 'Ärger', agentId: 'Ärger', workflow: 'b', status: 'odd' }, 'waiting')
    await add({ ...usual, agent: 'local', agentId: null, workflow: null }, 'waiting')
    expect((await list()).names).toEqual({
      statuses: ['completed', 'odd'],
      workflows: ['b', 'local'],
      agentIds: ['Ärger'],
    })
    const all = () => store.history.list({}, { order: newestFirst, max: 9 })
    expect((await all()).total).toMatchObject({ runs: 2, isExact: true })
    await remove('run-0')
    expect(await all()).toMatchObject({
      runs: [{ id: 'run-1' }],
      total: { runs: 1 },
      names: { statuses: ['completed'] },
    })
  })

  test('what a filter names is looked up', async () => {
    const { store, add } = await open()
    await add({ ...usual, status: 'Odd', workflow: 'one', by: 'bob' }, 'waiting')
    await add({ ...usual, workflow: 'two', by: 'Ada' }, 'waiting')
    const ids = [
      { start: 'run-0', end: '', isWhole: true },
      { start: 'run-', end: '1', isWhole: false },
      { start: 'run-', end: '', isWhole: true },
      { start: 'x', end: '', isWhole: false },
    ]
    const asked = [
      { kind: 'status' as const, name: 'odd' },
      { kind: 'agent' as const, name: 'writer' },
      { kind: 'workflow' as const, name: 'one' },
      { kind: 'workflow' as const, name: 'ONE' },
      { kind: 'by' as const, name: 'Ada' },
      { kind: 'by' as const, name: 'nobody' },
    ]
    expect(await store.history.lookUp({ names: asked, ids })).toEqual({
      names: [asked[1], asked[2], asked[4]],
      all: { status: ['Odd', 'completed'], workflow: ['one', 'two'], by: ['Ada', 'bob'] },
      ids: ids.slice(0, 2),
    })
  })
}
