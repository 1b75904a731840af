import { expect, test } from 'vitest'
import { selectionOf } from '../../../src/orchestrator/history/selection.ts'
import { createSession } from '../../../src/store/postgres/database/session.ts'
import { createRunTally as createPostgresTally } from '../../../src/store/postgres/history/counting/tally.ts'
import { usualLimits } from '../../../src/store/postgres/history/reading.ts'
import { createRunTally } from '../../../src/store/sqlite/history/counting/tally.ts'
import { createRunReading } from '../../../src/store/sqlite/history/reading.ts'
import { testDatabase } from '../../support/postgres/database.ts'
import { newRun } from '../../support/runs/new-run.ts'
import { openTestPostgres } from '../../support/store/postgres.ts'
import { openTestStore } from '../../support/store/store.ts'

const fox = { kind: 'words' as const, words: ['fox'], isNot: false }
const foxes = selectionOf({ agents: [], statuses: [], search: [fox] })
const runs = ['a', 'b', 'c'].map((id) => newRun(id, { inputs: '{"topic": "fox"}' }))
const budget = 1_000_000

test('what could not be read of a file is not counted as nothing', async () => {
  const { store } = openTestStore()
  for (const run of runs) await store.runs.accept({ run: () => run })
  const reading = createRunReading(store.db)
  let failures = 1
  const failing: typeof reading = {
    ...reading,
    *matching(...asked) {
      for (const chunk of reading.matching<never>(...asked)) {
        yield chunk
        if (failures-- > 0) throw new Error('disk I/O error')
      }
    },
  }
  const tally = createRunTally(failing, foxes)
  expect(() => tally.advance(budget)).toThrow('disk I/O error')
  expect(tally.kept().rows).toEqual([])
  tally.advance(budget)
  expect(tally.soFar()).toMatchObject({ isWhole: true, runs: [{}, {}, {}] })
})

test('nor what could not be asked of PostgreSQL, whichever question that was', async () => {
  const { url, client } = await testDatabase()
  const { store } = await openTestPostgres({ url })
  for (const run of runs) await store.runs.accept({ run: () => run })
  for (let good = 0; ; good++) {
    let left = good
    let isFailing = true
    const query = (...asked: Parameters<typeof client.query>) => {
      if (isFailing && left-- === 0) throw new Error('timeout')
      return client.query(...asked)
    }
    const tally = createPostgresTally(createSession({ query } as typeof client), usualLimits, foxes)
    const failed = await tally.advance(budget).catch((error: Error) => error.message)
    isFailing = false
    await tally.advance(budget)
    expect([good, tally.soFar()]).toMatchObject([good, { isWhole: true, runs: [{}, {}, {}] }])
    if (failed !== 'timeout') break
    expect(good).toBeLessThan(20)
  }
})
