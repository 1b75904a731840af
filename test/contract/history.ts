import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { orderOf, type RunFilter, runSorts } from '../../src/orchestrator/history/filter.ts'
import { parseSearch } from '../../src/orchestrator/history/search/parse.ts'
import { selectionIn, selectionOf } from '../../src/orchestrator/history/selection.ts'
import { dayMs, hourMs, minuteMs } from '../../src/shared/time/durations.ts'
import { zoneNamed } from '../../src/shared/time/zone.ts'
import type { ExportedRun, HistoryStore } from '../../src/store/ports/history.ts'
import type { RunPosition } from '../../src/store/ports/run-pages.ts'
import { endurance } from '../support/endurance.ts'
import { anyFilter, anyIndexed, anyRun, at } from '../support/history/any-history.ts'
import type { PlainRun } from '../support/runs/plain-runs.ts'
import type { OpenHistory } from './history-world.ts'
import { asKept, hostileTexts } from './hostile-texts.ts'

const histories = endurance(60, 2000)
const timeoutMs = 30_000 + histories * 100
const newestFirst = orderOf('started')
const usual: Omit<PlainRun, 'id'> = {
  agent: 'writer',
  agentId: 'writer',
  workflow: null,
  by: null,
  status: 'completed',
  startedAt: at,
  duration: null,
  cost: null,
  tokens: null,
  inputs: null,
  outputs: null,
  error: null,
}

const filterOf = (q: string): RunFilter => {
  const read = parseSearch(q)
  if (!('value' in read)) throw new Error(read.error)
  return { agents: [], statuses: [], search: read.value }
}
const idsIn = (runs: { id: string }[]) => runs.map(({ id }) => id)

async function found(history: HistoryStore, q: string): Promise<string[]> {
  const selection = await selectionIn(history, filterOf(q))
  const ids: string[] = []
  for (let after: RunPosition | undefined; ; ) {
    const page = await history.page(selection, { order: newestFirst, max: 100, ...(after && { after }) })
    ids.push(...idsIn(page.runs))
    after = page.searchedTo?.position
    if (!after) return ids.sort()
  }
}

async function indexAll(history: HistoryStore): Promise<void> {
  while ((await history.unindexed(1)) > 0) await history.index()
  while (await history.tidyIndex());
}

/** What every store does to find runs again. */
export function historyContract(open: OpenHistory): void {
  pages(open)
  inputLines(open)
  numbers(open)
  searches(open)
  exports(open)
  costs(open)
  lately(open)
  ofSomeAgents(open)
}

const anyHistory = {
  runs: fc.array(fc.tuple(anyRun, anyIndexed), { minLength: 1, maxLength: 14 }),
  filter: anyFilter,
  which: fc.nat(),
}

function pages(open: OpenHistory): void {
  test(
    'any filter in any order has the runs that looking at each of them finds, page by page, while others arrive',
    async () => {
      const world = await open()
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            ...anyHistory,
            later: fc.array(fc.tuple(anyRun, anyIndexed), { maxLength: 5 }),
            sort: fc.constantFrom(...runSorts),
            max: fc.integer({ min: 1, max: 4 }),
          }),
          async ({ runs, later, filter, which, sort, max }) => {
            await world.clear()
            for (const run of runs) await world.add(...run)
            const history = world.histories[which % world.histories.length]!
            const idsNow = () => idsIn(world.naive(filter, sort))
            const before = idsNow()
            const arriving = [...later]
            const selection = selectionOf(filter)
            const order = orderOf(sort)

            const forward: string[] = []
            let last: RunPosition | undefined
            for (let pages = 0; ; pages++) {
              expect(pages).toBeLessThan(1000)
              const page = await history.page(selection, { order, ...(last && { after: last }), max })
              forward.push(...idsIn(page.runs))
              expect(page.runs.length).toBeLessThanOrEqual(max)
              if (page.isMore && !page.searchedTo) expect(page.runs).toHaveLength(max)
              for (const { position } of page.runs) expect(history.isPosition(position, order.by)).toBe(true)
              last = page.searchedTo?.position ?? page.runs.at(-1)?.position ?? last
              if (!page.isMore) break
              const next = arriving.shift()
              if (next) await world.add(...next)
            }
            expect(forward.filter((id) => before.includes(id))).toEqual(before)
            const now = idsNow()
            expect(forward.filter((id) => !now.includes(id))).toEqual([])
            expect(new Set(forward).size).toBe(forward.length)

            if (last === undefined) return
            const backward: string[] = []
            // The run at the position itself is not before it.
            const ahead = now.slice(0, now.indexOf(forward.at(-1)!))
            let earlier = last
            for (let pages = 0; ; pages++) {
              expect(pages).toBeLessThan(1000)
              const page = await history.page(selection, { order, before: earlier, max })
              backward.unshift(...idsIn(page.runs))
              if (!page.isMore) break
              earlier = page.searchedTo?.position ?? page.runs[0]!.position
              const next = arriving.shift()
              if (next) await world.add(...next)
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

  test('a page from a position on begins with the run there', async () => {
    const { store, add } = await open()
    for (let run = 0; run < 4; run++) await add({ ...usual, startedAt: at + run, duration: run }, 'waiting')
    for (const order of [newestFirst, orderOf('-started')]) {
      const { runs } = await store.history.page({}, { order, max: 9 })
      const from = await store.history.page({}, { order, from: runs[1]!.position, max: 9 })
      expect(idsIn(from.runs)).toEqual(idsIn(runs.slice(1)))
    }
  })

  test('a position outlives its run', async () => {
    const { store, add, remove } = await open()
    for (let run = 0; run < 3; run++) await add({ ...usual, cost: run }, 'waiting')
    for (const sort of ['started', 'cost'] as const) {
      const order = orderOf(sort)
      const { runs } = await store.history.page({}, { order, max: 9 })
      await remove(runs[1]!.id)
      const after = await store.history.page({}, { order, after: runs[1]!.position, max: 9 })
      expect(idsIn(after.runs)).toEqual(idsIn(runs.slice(2)))
    }
  })

  test('what is no position in an order is told', async () => {
    const { history } = (await open()).store
    for (const text of ['', 'x', '-1', '1.5', ' 1', '1e99', 'NaN', '9'.repeat(40), "'; DROP"]) {
      expect([text, history.isPosition(text, 'started'), history.isPosition(text, 'cost')]).toEqual([
        text,
        false,
        false,
      ])
    }
    expect(history.isPosition(history.positionAt(at), 'started')).toBe(true)
  })

  test('a run has what lists show of it, null where that is unknown', async () => {
    const { store, add } = await open()
    const all = { workflow: 'article', duration: 0.01, cost: 0.0001, tokens: 12 }
    await add({ ...usual, agent: 'report', agentId: null, status: 'odd', startedAt: 'yesterday' }, 'waiting')
    await add({ ...usual, ...all, error: `${'x'.repeat(200)}beyond` }, 'waiting')
    const { runs } = await store.history.page({}, { order: newestFirst, max: 9 })
    const [known, unknown] = runs.map(({ position: _, ...run }) => run)
    expect(known).toEqual({
      id: 'run-1',
      agent: 'writer',
      agentId: 'writer',
      workflow: 'article',
      status: 'completed',
      startedAt: at,
      completedAt: null,
      durationSeconds: 0.01,
      totalTokens: 12,
      totalCostUsd: 0.0001,
      rerunOf: null,
      error: 'x'.repeat(200),
      inputLine: null,
      isReported: false,
      startedBy: null,
    })
    expect(unknown).toMatchObject({ agent: 'report', agentId: null, workflow: 'report', startedAt: NaN, error: null })
    expect(unknown).toMatchObject({ durationSeconds: null, totalTokens: null, totalCostUsd: null })
  })
}

function inputLines(open: OpenHistory): void {
  const linesOf = async (history: HistoryStore) => {
    const { runs } = await history.page({}, { order: newestFirst, max: 9 })
    return Object.fromEntries(runs.map(({ id, inputLine }) => [id, inputLine]))
  }
  const inputs = '{"topic": "Grid storage", "max_sources": 3}'
  const line = 'topic: Grid storage · max_sources: 3'

  test('a run has a line that says what it was given: as soon as we accept it, or when it is indexed', async () => {
    const { store, add } = await open()
    const ours = {
      ...{ agentId: 'writer', agentUrl: 'http://localhost:1', workflow: undefined, withheld: [] },
      ...{ rerunOf: null, traceId: null, isSampled: true, startedBy: 'Ada', startedById: 'user:1' },
    }
    await store.runs.accept({ run: () => ({ id: 'ours', startedAt: at, inputs, ...ours }) })
    await store.runs.accept({ run: () => ({ id: 'without', startedAt: at, inputs: '{}', ...ours }) })
    await add({ ...usual, inputs: `{'topic': 'Rome'}` }, 'waiting')
    expect(await linesOf(store.history)).toEqual({ ours: line, without: null, 'run-0': null })
    await indexAll(store.history)
    expect(await linesOf(store.history)).toEqual({ ours: line, without: null, 'run-0': 'topic: Rome' })
  })

  test('runs of before the lines get theirs in steps, and another at the same place never has one that is not its own', async () => {
    const { store, add, remove } = await open()
    for (let run = 0; run < 3; run++) await add({ ...usual, startedAt: at + run, inputs }, 'indexed')
    expect(await linesOf(store.history)).toEqual({ 'run-0': null, 'run-1': null, 'run-2': null })
    await store.history.begin()
    while (await store.history.addInputLines());
    expect(await linesOf(store.history)).toEqual({ 'run-0': line, 'run-1': line, 'run-2': line })
    expect(await store.history.addInputLines()).toBe(false)
    await remove('run-1')
    await add({ ...usual, startedAt: at + 1, inputs: '{"topic": "Jazz"}' }, 'waiting')
    expect(await linesOf(store.history)).toEqual({ 'run-0': line, 'run-3': null, 'run-2': line })
  })
}

/** With days of 23 to 25 hours, and days that begin within an hour of UTC. */
const anyZone = fc.constantFrom(
  ...['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns'].map(
    (name) => zoneNamed(name)!,
  ),
)

function numbers(open: OpenHistory): void {
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

function searches(open: OpenHistory): void {
  const texts: Partial<PlainRun>[] = [
    { inputs: '{"q":"客户要求退款，因为商品有问题"}' },
    { outputs: '{"a":"고객이 전액환불을 요청"}' },
    { error: 'ลูกค้าขอคืนเงินทันที' },
    { inputs: '{"address":"Lange Straße 5 🤖🤖"}' },
    { inputs: '{"q":"\\u9000\\u6b3e"}' },
    { outputs: '{"a":"two refunds, safety jazz rome"}' },
    { outputs: '{"id": 9007199254740993, "topic": "jazz safety"}' },
    { inputs: '{"k": 1, "k": 2}', error: 'refused by 退款 service' },
  ]

  describe.each(['waiting', 'indexed'] as const)('texts that are %s', (when) => {
    test.each([
      ['退款', '0 4 7'],
      ['款', '0 4 7'],
      ['要求退款', '0'],
      ['退款要求', ''],
      ['전액환불', '1'],
      ['คืนเงิน', '2'],
      ['strasse', '3'],
      ['STRAẞE', '3'],
      ['🤖', '3'],
      ['refund', ''],
      ['refund*', '5'],
      ['"safety jazz"', '5'],
      ['"jazz safety"', '6'],
      ['"jazz jazz"', ''],
      ['🤖🤖', '3'],
      ['🤖🤖🤖', ''],
      ['safety jazz', '5 6'],
      ['safety -"jazz rome"', '6'],
      ['jazz OR 환불', '1 5 6'],
      ['error:退款', '7'],
      ['out.topic:jazz', '6'],
      ['out.id:9007199254740993', '6'],
      ['out.id:9007199254740992', ''],
      ['in.k:2', '7'],
      ['in.q:*', '0 4'],
      ['-in.q:*', '1 2 3 5 6 7'],
    ])('are found by %s', async (q, expected) => {
      const { store, add } = await open()
      for (const text of texts) await add({ ...usual, ...text }, 'waiting')
      if (when === 'indexed') await indexAll(store.history)
      expect(await found(store.history, q)).toEqual(
        expected
          .split(' ')
          .filter(Boolean)
          .map((number) => `run-${number}`),
      )
    })
  })

  test('a run is found by what it says now, whatever was indexed of it', async () => {
    const { store, add } = await open()
    // Indexed is “safety”.
    await add({ ...usual, inputs: 'weather' }, 'outdated')
    expect(await found(store.history, 'safety')).toEqual([])
    expect(await found(store.history, 'weather')).toEqual(['run-0'])
    await indexAll(store.history)
    expect(await found(store.history, 'safety')).toEqual([])
    expect(await found(store.history, 'weather')).toEqual(['run-0'])
  })

  test('a run that is gone is not found, and neither are its texts', async () => {
    const { store, add, remove } = await open()
    await add({ ...usual, inputs: 'weather' }, 'waiting')
    await indexAll(store.history)
    await remove('run-0')
    expect(await found(store.history, 'weather')).toEqual([])
    expect(await store.history.texts('run-0')).toBeUndefined()
  })

  test.each(Object.entries(hostileTexts))('%s harms neither a run nor those beside it', async (_, text) => {
    const { store, add } = await open()
    const { history } = store
    const beside = { ...usual, inputs: 'weather' }
    await add(beside, 'waiting')
    await add({ ...usual, inputs: text, outputs: text, error: `failed ${text}` }, 'waiting')
    await add(beside, 'waiting')
    for (let time = 0; time < 2; time++, await indexAll(history)) {
      expect(await found(history, 'weather')).toEqual(['run-0', 'run-2'])
      expect(await found(history, 'error:failed')).toEqual(['run-1'])
      expect(await history.count({})).toMatchObject({ runs: 3, isExact: true })
    }
    const kept = (await history.texts('run-1'))!
    expect(kept.inputs).toBe(asKept(text, kept.inputs!))
    expect(kept.outputs).toBe(asKept(text, kept.outputs!))
    const exported: ExportedRun[] = []
    for await (const runs of history.export({}, newestFirst)) exported.push(...runs)
    expect(exported.find(({ id }) => id === 'run-1')).toMatchObject(kept)
    expect(exported).toHaveLength(3)
    const names = { agents: [text], statuses: [text], workflows: [text], names: [] }
    expect((await history.page(names, { order: newestFirst, max: 9 })).runs).toEqual([])
  })

  test('what is done in the background is silent until it is announced', async () => {
    const { store, add } = await open()
    await add({ ...usual, inputs: 'weather' }, 'waiting')
    expect(await store.history.unindexed(9)).toBe(1)
    const before = store.revision()
    await indexAll(store.history)
    await store.history.takeIn()
    expect(store.revision()).toBe(before)
    expect(await store.history.progress()).toBeUndefined()
    await store.announce()
    expect(store.revision()).not.toBe(before)
  })
}

function exports(open: OpenHistory): void {
  test('an export has every selected run once, in the order, with its texts', async () => {
    const { store, add, naive } = await open()
    for (let run = 0; run < 60; run++) {
      await add(
        { ...usual, duration: run % 7 || null, status: run % 3 ? 'completed' : 'failed', inputs: `"${run}"` },
        'waiting',
      )
    }
    for (const sort of ['started', '-started', 'duration'] as const) {
      const filter = { agents: [], statuses: ['completed'], search: [] }
      const read: string[] = []
      for await (const runs of store.history.export(selectionOf(filter), orderOf(sort))) {
        read.push(...idsIn(runs))
        for (const { id, inputs } of runs) expect(inputs).toBe(`"${id.slice(4)}"`)
      }
      expect(read).toEqual(idsIn(naive(filter, sort)))
    }
  })

  test('an export goes on while runs come and go, past none that stays', async () => {
    const { store, add, remove } = await open()
    const long = 'x'.repeat(40_000)
    for (let run = 0; run < 30; run++) await add({ ...usual, inputs: long }, 'waiting')
    const seen: string[] = []
    for await (const runs of store.history.export({}, newestFirst)) {
      seen.push(...idsIn(runs))
      for (const { id } of runs) await remove(id)
      await add({ ...usual, startedAt: at + 1 }, 'waiting')
      await setImmediate()
    }
    expect(seen.toSorted()).toEqual(Array.from({ length: 30 }, (_, run) => `run-${run}`).toSorted())
  })
}

function costs(open: OpenHistory): void {
  const moment = fc.integer({ min: -2 * 48, max: 4 * 48 }).map((halfHours) => at + halfHours * 30 * minuteMs)
  const range = fc
    .tuple(moment, moment)
    .map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) }))

  test('what runs cost is told by time and agent, as adding up each of them gives', async () => {
    const world = await open()
    await fc.assert(
      fc.asyncProperty(anyHistory.runs, fc.array(range, { maxLength: 3 }), async (runs, ranges) => {
        await world.clear()
        for (const run of runs) await world.add(...run)
        const within = (agent?: string) =>
          ranges.map(({ from, to }) => {
            const filter = { agents: agent === undefined ? [] : [agent], statuses: [], from, to, search: [] }
            const told = world.naive(filter, 'started').filter(({ cost }) => cost !== null)
            return told.length === 0 ? null : expect.closeTo(sum(told.map(({ cost }) => cost)), 6)
          })
        const { history } = world.store
        expect(await history.costs(ranges)).toEqual(within())
        const agents = [...new Set(runs.map(([{ agent }]) => agent))]
        for (const agent of agents) expect(await history.costs(ranges, [agent])).toEqual(within(agent))
        expect(await history.costs(ranges, [])).toEqual(ranges.map(() => null))
        const byAgent = await history.costsByAgent(ranges)
        for (const agent of agents) {
          expect(byAgent.map((costs) => costs.get(agent) ?? 0)).toEqual(within(agent).map((cost) => cost ?? 0))
        }
      }),
      { numRuns: histories },
    )
  })
}

function lately(open: OpenHistory): void {
  test(
    'the figures of each agent are those of its runs in that time',
    async () => {
      const world = await open()
      await fc.assert(
        fc.asyncProperty(anyHistory.runs, fc.nat(40), async (runs, hours) => {
          await world.clear()
          for (const run of runs) await world.add(...run)
          const from = Math.floor(at / hourMs) * hourMs - hours * hourMs
          const range = { from, to: from + dayMs }
          const within = world.naive({ agents: [], statuses: [], search: [], ...range }, 'started')
          const found = await world.store.history.agentFigures(range)
          const expected = [...Map.groupBy(within, ({ agent }) => agent)].map(([agent, own]) => {
            const durations = own.flatMap(({ duration }) => duration ?? []).sort((a, b) => a - b)
            const isCostKnown = own.some(({ cost }) => cost !== null)
            return {
              agent,
              byStatus: byStatus(own),
              p50: durations[Math.ceil(durations.length / 2) - 1],
              cost: isCostKnown ? expect.closeTo(sum(own.map(({ cost }) => cost))) : null,
            }
          })
          expect(found.toSorted(byAgent)).toEqual(expected.toSorted(byAgent))
        }),
        { numRuns: histories },
      )
    },
    timeoutMs,
  )

  test('what happened lately is read in one go', async () => {
    const { store, add } = await open()
    const now = at + 30 * minuteMs
    const request = {
      now,
      lastDay: { from: at + hourMs - dayMs, to: at + hourMs },
      failedSince: [
        { agent: 'writer', since: at + 2 },
        { agent: 'report', since: at + 2 },
      ],
      maxCounted: 3,
      maxFailures: 2,
      maxUnfinished: 1,
      maxLatest: 2,
      maxDurations: 3,
    }
    expect(await store.history.overview(request)).toEqual({
      hours: [],
      p50: undefined,
      p95: undefined,
      newestAt: undefined,
      unfinished: { runs: 0, newest: [] },
      latest: [],
      failures: { all: 0, newest: [], isMore: false },
      failedSince: [0, 0],
    })
    await add({ ...usual, startedAt: at - 2 * dayMs, status: 'failed', duration: 99 }, 'waiting')
    await add({ ...usual, startedAt: at - hourMs, duration: 9 }, 'waiting')
    await add({ ...usual, startedAt: at, duration: 1 }, 'waiting')
    await add({ ...usual, startedAt: at + 1, duration: 2 }, 'waiting')
    await add({ ...usual, startedAt: at + 2, agent: 'report', agentId: null, status: 'failed', error: 'no' }, 'waiting')
    await add({ ...usual, startedAt: at + 3, duration: 50, status: 'running' }, 'waiting')
    await add({ ...usual, startedAt: now + dayMs, status: 'pending' }, 'waiting')
    const facts = await store.history.overview(request)
    expect(facts.hours.toSorted((a, b) => a.at - b.at)).toEqual([
      { at: at - hourMs, byStatus: new Map([['completed', 1]]) },
      {
        at,
        byStatus: new Map([
          ['completed', 2],
          ['failed', 1],
          ['running', 1],
        ]),
      },
    ])
    // Of the newest three with a duration.
    expect(facts).toMatchObject({ p50: 2, p95: 50, newestAt: at + 3 })
    expect(facts.unfinished).toMatchObject({ runs: 2, newest: [{ id: 'run-6' }] })
    expect(idsIn(facts.latest)).toEqual(['run-6', 'run-5'])
    expect(facts.failures).toEqual({
      all: 1,
      newest: [{ agent: 'report', agentId: null, startedAt: at + 2, error: 'no' }],
      isMore: false,
    })
    expect(facts.failedSince).toEqual([0, 1])
    for (let run = 0; run < 4; run++) await add({ ...usual, startedAt: at + 10 + run, status: 'failed' }, 'waiting')
    const { failures, failedSince } = await store.history.overview(request)
    expect(failures).toMatchObject({ all: 5, newest: [{ startedAt: at + 13 }, { startedAt: at + 12 }], isMore: true })
    expect(failedSince).toEqual([3, 1])
  })
}

function ofSomeAgents(open: OpenHistory): void {
  const own = ['writer', 'report', 'nobody']
  const names = fc.constantFrom(
    'Ada',
    'ada',
    'writer',
    'Writer',
    'report',
    'article',
    'editor',
    'removed',
    'failed',
    'odd',
    'lost',
  )
  const ids = fc.constantFrom('run-1', 'run-', 'run-3', 'x')

  test(
    'what is asked of some agents is answered as if there were no others',
    async () => {
      const world = await open()
      await fc.assert(
        fc.asyncProperty(
          anyHistory.runs,
          fc.array(
            fc.tuple(fc.constantFrom('agent' as const, 'status' as const, 'workflow' as const, 'by' as const), names),
          ),
          fc.array(fc.tuple(ids, fc.boolean())),
          fc.nat(),
          async (runs, asked, askedIds, which) => {
            await world.clear()
            const others: string[] = []
            for (const run of runs) {
              const id = await world.add(...run)
              if (!own.includes(run[0].agent)) others.push(id)
            }
            const history = world.histories[which % world.histories.length]!
            const now = at + hourMs
            const lastDay = { from: now - dayMs, to: now }
            const failedSince = [{ agent: 'writer', since: at }]
            const max = { maxCounted: 9, maxFailures: 3, maxUnfinished: 2, maxLatest: 4, maxDurations: 3 }
            const lookedUp = {
              names: asked.map(([kind, name]) => ({ kind, name })),
              ids: askedIds.map(([start, isWhole]) => ({ start, end: '', isWhole })),
            }
            const answers = async (agents: string[] | undefined) => {
              const { hours, ...facts } = await history.overview({ now, lastDay, failedSince, agents, ...max })
              return {
                hours: hours.toSorted((one, other) => one.at - other.at),
                facts,
                lookedUp: await history.lookUp(lookedUp, agents),
                names: (await history.list({ agents }, { order: newestFirst, max: 1 }, agents)).names,
                costs: await history.costs([lastDay, { from: now, to: now + dayMs }], agents),
              }
            }
            const answered = await answers(own)
            for (const id of others) await world.remove(id)
            const { costs, ...alone } = await answers(undefined)
            expect(answered).toEqual({ ...alone, costs: costs.map((cost) => cost && expect.closeTo(cost, 6)) })
          },
        ),
        { numRuns: histories },
      )
    },
    timeoutMs,
  )
}

const byAgent = (one: { agent: string }, other: { agent: string }) => (one.agent < other.agent ? -1 : 1)

const sum = (values: (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0)

function byStatus(runs: { status: string }[]): Map<string, number> {
  const statuses = [...new Set(runs.map(({ status }) => status))]
  return new Map(statuses.map((status) => [status, runs.filter((run) => run.status === status).length]))
}
