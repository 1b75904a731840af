import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minuteMs } from '../../../src/shared/time/durations.ts'
import { at } from '../../support/history/any-history.ts'
import { anyHistory, histories, sum } from './common.ts'
import type { OpenHistory } from './world.ts'

export function costs(open: OpenHistory): void {
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
