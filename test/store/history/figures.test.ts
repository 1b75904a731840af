import { describe, expect, test } from 'vitest'
import { utc, zoneNamed } from '../../../src/shared/time/zone.ts'
import type { RunSelection } from '../../../src/store/ports/run-selection.ts'
import { createRunSample } from '../../../src/store/sqlite/history/counting/counts.ts'
import { createRunFigures } from '../../../src/store/sqlite/history/figures/figures.ts'
import { createRunReading } from '../../../src/store/sqlite/history/reading.ts'
import { createRunSums } from '../../../src/store/sqlite/history/sums.ts'
import { createRunTable, type NewRunRow } from '../../support/store/run-table.ts'
import { openTestStore } from '../../support/store/store.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const now = Date.UTC(2026, 10, 22, 16, 14, 30)

async function figuresOf(...runs: Partial<NewRunRow>[]) {
  const { store } = openTestStore()
  const table = createRunTable(store)
  const usual = { workflowName: 'writer', agentId: 'writer', status: 'completed', startedAt: now - minute }
  await Promise.all(runs.map((run, index) => table.insert({ id: String(index), ...usual, ...run })))
  const reading = createRunReading(store.db)
  const figures = createRunFigures(reading, createRunSums(store.db, reading.names))
  const sample = createRunSample(reading)
  return (selection: RunSelection, zone = utc) => figures(selection, now, zone, () => sample(selection))
}

describe('the bars', () => {
  test.each([
    ['an hour until now', { from: now - hour }, 2 * minute, 31],
    ['the clock’s hour', { from: Date.UTC(2026, 10, 22, 15), to: Date.UTC(2026, 10, 22, 16) }, minute, 60],
    ['a minute', { from: Date.UTC(2026, 10, 22, 15), to: Date.UTC(2026, 10, 22, 15, 1) }, 1000, 60],
    ['a day', { from: Date.UTC(2026, 10, 21), to: Date.UTC(2026, 10, 22) }, 30 * minute, 48],
    ['a week', { from: Date.UTC(2026, 10, 15), to: Date.UTC(2026, 10, 22) }, 3 * hour, 56],
    ['sixty days', { from: Date.UTC(2026, 8, 23), to: Date.UTC(2026, 10, 22) }, day, 60],
    ['a year', { from: Date.UTC(2025, 10, 22), to: Date.UTC(2026, 10, 22) }, 7 * day, 53],
  ])('of %s are round, and sixty at most', async (_, time, step, bars) => {
    const figures = await figuresOf({})
    const found = figures(time)
    expect(found.time).toMatchObject({ from: time.from, step })
    expect(found.bars.length).toBeLessThanOrEqual(bars + 1)
    expect(found.bars.length).toBeGreaterThanOrEqual(bars - 1)
    expect(found.bars[0]!.from).toBe(time.from)
    expect(found.bars.at(-1)!.to).toBe(found.time!.to)
    for (const [index, bar] of found.bars.slice(1).entries()) {
      expect(bar.from).toBe(found.bars[index]!.to)
      expect(bar.from % (step === 7 * day ? day : step)).toBe(0)
    }
  })

  test('of weeks begin with a Monday', async () => {
    const figures = await figuresOf({ startedAt: now - 300 * day })
    for (const { from } of figures({}).bars.slice(1)) expect(new Date(from).getUTCDay()).toBe(1)
  })

  test.each([
    ['Europe/Berlin', 31],
    ['Asia/Kolkata', 31],
    ['Australia/Lord_Howe', 31],
    ['Europe/Berlin', 300],
  ])('begin with the days of %s, %i days ago and later, each run in its own', async (name, days) => {
    const zone = zoneNamed(name)!
    const starts = Array.from({ length: days + 1 }, (_, ago) => zone.startOfDay(now, -ago))
    const figures = await figuresOf(...starts.flatMap((at) => [{ startedAt: at - 1 }, { startedAt: at }]))
    const { bars, runs } = figures({ from: zone.startOfDay(now, -days) }, zone)
    for (const { from } of bars) expect(zone.startOfDay(from)).toBe(from)
    if (days < 60) for (const bar of bars.slice(0, -1)) expect(bar.to).toBe(zone.startOfDay(bar.from, 1))
    else for (const bar of bars.slice(1)) expect(new Date(zone.local(bar.from)).getUTCDay()).toBe(1)
    expect(bars.map((bar) => bar.runs)).toEqual(
      bars.map(({ from, to }) => starts.flatMap((at) => [at - 1, at]).filter((at) => at >= from && at < to).length),
    )
    expect(runs).toBe(2 * days + 1)
  })

  test('begin with the first run where no time is chosen, and end now', async () => {
    const figures = await figuresOf(
      { startedAt: now - 5 * hour },
      { startedAt: now - 3 * hour, workflowName: 'editor' },
    )
    expect(figures({}).time).toMatchObject({ from: Date.UTC(2026, 10, 22, 11), to: now + 1 })
    expect(figures({ agents: ['editor'] }).time).toMatchObject({ from: Date.UTC(2026, 10, 22, 13) })
    expect(figures({ workflows: ['editor'] }).time).toMatchObject({ from: now - 3 * hour })
    expect(figures({ agents: ['nobody'] })).toMatchObject({ time: undefined, bars: [], runs: 0, p50: undefined })
  })

  test('have the runs of each status in their time, also the parts of an hour and of a day', async () => {
    const at = (startedAt: number, status = 'completed') => ({ startedAt, status })
    const [from, to] = [now - 30 * day - 17 * minute, now - 17 * minute]
    const figures = await figuresOf(
      at(from - 1),
      at(from),
      at(from + minute, 'failed'),
      at(from + 3 * hour),
      at(from + 10 * day),
      at(to - hour - minute),
      at(to - 1, 'failed'),
      at(to),
    )
    for (const selection of [
      { from, to },
      { from, to, agents: ['writer'] },
      { from, to, workflows: ['writer'] },
    ]) {
      const { bars, runs, byStatus } = figures(selection)
      expect(runs).toBe(6)
      expect(byStatus).toEqual(
        new Map([
          ['completed', 4],
          ['failed', 2],
        ]),
      )
      const filled = bars
        .filter((bar) => bar.runs > 0)
        .map((bar) => [new Date(bar.from).toISOString().slice(5, 16), bar.runs])
      expect(filled).toEqual([
        ['10-23T15:57', 3],
        ['11-02T00:00', 1],
        ['11-22T00:00', 2],
      ])
    }
  })
})

describe('a few runs far from all others', () => {
  const hourly = (runs: number) => Array.from({ length: runs }, (_, index) => ({ startedAt: now - index * hour }))
  const both = [{}, { workflows: ['writer'] }]

  test.each([
    ['in 2099', Date.UTC(2099, 0, 1), { earlier: 0, later: 1 }],
    ['a week ahead', now + 7 * day, { earlier: 0, later: 1 }],
    ['in 1999', Date.UTC(1999, 5, 1), { earlier: 1, later: 0 }],
    ['last year', now - 400 * day, { earlier: 1, later: 0 }],
  ])('do not flatten the bars of the others, and are counted: %s', async (_, startedAt, outside) => {
    const figures = await figuresOf(...hourly(30), { startedAt })
    for (const selection of both) {
      const { time, bars, runs, outside: left } = figures(selection)
      expect(time!.to - time!.from).toBeLessThan(3 * day)
      expect(time!.to).toBe(now + 1)
      expect(bars.reduce((sum, bar) => sum + bar.runs, 0)).toBe(30)
      expect(runs).toBe(31)
      expect(left).toEqual(outside)
    }
    expect(figures({ from: startedAt - day, to: startedAt + day }).runs).toBe(1)
  })

  test('are shown where they are a part of it: a clock that is ahead, an old run among few, many old ones', async () => {
    for (const runs of [
      [...hourly(5), { startedAt: now + 30 * minute }],
      [{ startedAt: now - 300 * day }, { startedAt: now }],
      [...hourly(5), { startedAt: now - 300 * day }, { startedAt: now - 301 * day }],
      [{ startedAt: now + 40 * day }, { startedAt: now + 41 * day }],
    ]) {
      const figures = await figuresOf(...runs)
      for (const selection of both) {
        const { bars, outside } = figures(selection)
        expect(outside).toEqual({ earlier: 0, later: 0 })
        expect(bars.reduce((sum, bar) => sum + bar.runs, 0)).toBe(runs.length)
      }
    }
  })
})

describe('the figures', () => {
  test('are the sums of what is known, and the durations within which half and 95 of 100 runs ended', async () => {
    const runs = Array.from({ length: 100 }, (_, index) => ({
      durationSeconds: index + 1,
      totalTokens: 10,
      totalCostUsd: 0.5,
    }))
    const figures = await figuresOf(...runs, { status: 'running' })
    for (const selection of [{}, { workflows: ['writer'] }, { statuses: ['completed', 'running'] }]) {
      expect(figures(selection)).toMatchObject({
        runs: 101,
        tokens: 1000,
        cost: 50,
        p50: 50,
        p95: 95,
        sample: undefined,
      })
    }
    expect(figures({ statuses: ['running'] })).toMatchObject({ runs: 1, tokens: 0, cost: 0, p50: undefined })
  })
})
