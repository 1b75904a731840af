import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderOf, runSorts } from '../../../src/orchestrator/history/filter.ts'
import { selectionOf } from '../../../src/orchestrator/history/selection.ts'
import type { RunPosition } from '../../../src/store/ports/run-pages.ts'
import { anyIndexed, anyRun, at } from '../../support/history/any-history.ts'
import { anyHistory, histories, idsIn, newestFirst, timeoutMs, usual } from './common.ts'
import type { OpenHistory } from './world.ts'

export function pages(open: OpenHistory): void {
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
