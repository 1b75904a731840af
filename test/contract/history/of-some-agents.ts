import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayMs, hourMs } from '../../../src/shared/time/durations.ts'
import { at } from '../../support/history/any-history.ts'
import { anyHistory, histories, newestFirst, timeoutMs } from './common.ts'
import type { OpenHistory } from './world.ts'

export function ofSomeAgents(open: OpenHistory): void {
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
