import { expect, test } from 'vitest'
import { createChangedRuns } from '../../../src/store/history/changed-runs.ts'
import type { Earlier } from '../../../src/store/history/kept-runs.ts'
import { createKeptTallies } from '../../../src/store/history/kept-tallies.ts'
import type { SampledRun } from '../../../src/store/history/sample.ts'

const run = (seq: number): SampledRun => ({ seq, status: 'completed', duration: 1, tokens: null, cost: null })

function open() {
  const changedRuns = createChangedRuns(() => 0)
  let revision = 0
  const tallyOf = createKeptTallies({
    revision: () => String(revision),
    changedRuns,
    create(_, earlier: Earlier<SampledRun> | undefined) {
      let found: SampledRun[] | undefined
      return {
        earlier,
        find: (rows: SampledRun[]) => {
          found = rows
        },
        kept: () => ({ rows: found ?? [], to: found ? 1 : 99 }),
        isBehind: () => earlier !== undefined && found === undefined,
      }
    },
  })
  return {
    tallyOf,
    change(seq: number) {
      changedRuns.changed(seq)
      revision++
    },
  }
}

test('a tally goes on with what the last one found, also where one between found nothing yet', () => {
  const { tallyOf, change } = open()
  const first = tallyOf({})
  expect(first.earlier).toBeUndefined()
  first.find([run(5)])
  expect(tallyOf({})).toBe(first)
  change(7)
  const between = tallyOf({})
  expect(between.earlier).toEqual({ rows: [run(5)], to: 1, changed: [{ low: 6, high: 8 }] })
  change(9)
  expect(tallyOf({}).earlier).toMatchObject({
    rows: [run(5)],
    changed: [
      { low: 8, high: 10 },
      { low: 6, high: 8 },
    ],
  })
})

test('a range of time that moves on goes on with that of a moment ago, and one of no agent with none', () => {
  const { tallyOf, change } = open()
  tallyOf({ from: 1000 }).find([run(5)])
  expect(tallyOf({ from: 2000 }).earlier).toMatchObject({ rows: [run(5)] })
  expect(tallyOf({ to: 2000 }).earlier).toBeUndefined()
  tallyOf({ isLocal: true }).find([run(5)])
  change(7)
  expect(tallyOf({ isLocal: true }).earlier).toBeUndefined()
})
