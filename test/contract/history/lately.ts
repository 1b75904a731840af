import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayMs, hourMs, minuteMs } from '../../../src/shared/time/durations.ts'
import { at } from '../../support/history/any-history.ts'
import { anyHistory, byAgent, byStatus, histories, idsIn, sum, timeoutMs, usual } from './common.ts'
import type { OpenHistory } from './world.ts'

export function lately(open: OpenHistory): void {
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
    expect(facts.unfinished).toMatchObject({ runs: 2, newest: [{ id: 'run-5' }] })
    const both = await store.history.overview({ ...request, maxUnfinished: 9 })
    expect(idsIn(both.unfinished.newest)).toEqual(['run-5', 'run-6'])
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
