import type Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { openStore, type Store } from '../../../src/store/sqlite/file/open.ts'
import { createRunIndex } from '../../../src/store/sqlite/history/filling.ts'
import { createSearchIndex } from '../../../src/store/sqlite/history/search-index.ts'
import { createTestClock } from '../../support/clock.ts'
import { endurance } from '../../support/endurance.ts'
import { createPythonDatabase } from '../../support/store/python-database.ts'
import {
  expectIndexOfAll,
  expectInputLinesOfAll,
  expectSearchOfAll,
  expectSums,
  takeInAll,
} from '../../support/store/run-index.ts'
import { connect } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

// Python's rows are among them, see test/support/store/python-database.ts.
const anyId = fc.constantFrom('a', 'b', 'c', 'd', 'repr', 'nan', 'agent', 'running')
const anyText = fc.constantFrom(null, '{"a":"red fox"}', `{'a': 'fox'}`, '{"b":[1.5,true,"Über"]}', 'None', '[]', 'fox')
const anyAmount = fc.constantFrom(null, 0, 0.25, 3, -1.5, 1e12, Number.POSITIVE_INFINITY, 'much')
const anyColumn = {
  workflow_name: fc.constantFrom('writer', 'report'),
  agent_id: fc.constantFrom(null, 'writer'),
  agent_workflow: fc.constantFrom(null, 'article'),
  status: fc.constantFrom('pending', 'running', 'completed', 'failed'),
  inputs: anyText,
  outputs: anyText,
  error_message: fc.constantFrom(null, 'It broke', 'x'.repeat(300)),
  started_at: fc.constantFrom(
    '2026-11-20 09:00:00',
    '2026-11-20 09:00:00.000999',
    '2026-11-20T11:00:00.000+02:00',
    '2026-11-21 23:59:59.999999',
    'None',
  ),
  completed_at: fc.constantFrom(null, '2026-11-22 10:00:00.000000'),
  duration_seconds: anyAmount,
  total_tokens: anyAmount,
  total_cost_usd: anyAmount,
  rerun_of: fc.constantFrom(null, 'a'),
  reported_at: fc.constantFrom(null, '2026-11-22 10:00:01'),
  started_by_name: fc.constantFrom(null, 'Ada'),
}
const anyRun = fc.record(anyColumn)
type Name = keyof typeof anyColumn
const anyName = fc.constantFrom(...(Object.keys(anyColumn) as Name[]))
const anyChange = fc.oneof(
  anyRun,
  anyName.chain((name) => fc.record({ [name]: anyColumn[name] as fc.Arbitrary<unknown> })),
)
const or = fc.constantFrom('', 'OR REPLACE', 'OR IGNORE', 'OR FAIL', 'OR ROLLBACK')

type Run = Record<string, unknown>
type World = { store: Store; ours: Database.Database; theirs: Database.Database }
type Step = { what: string; take: (world: World) => unknown }

const either = (isOurs: boolean, { ours, theirs }: World) => (isOurs ? ours : theirs)

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.boolean(), or, anyId, anyRun).map(([isOurs, how, id, run]) => ({
    what: `INSERT ${how} ${JSON.stringify({ id, ...run })}`,
    take: (world: World) => put(either(isOurs, world), how, { id, ...run }),
  })),
  fc.tuple(fc.boolean(), or, anyId, anyChange).map(([isOurs, how, id, change]) => ({
    what: `UPDATE ${how} ${id} ${JSON.stringify(change)}`,
    take: (world: World) => alter(either(isOurs, world), how, id, change),
  })),
  fc.tuple(anyId, anyId).map(([from, to]) => ({
    what: `UPDATE OR REPLACE ${from} to ${to}`,
    take: ({ theirs }: World) => alter(theirs, 'OR REPLACE', from, { id: to }),
  })),
  fc.tuple(fc.boolean(), anyId).map(([isOurs, id]) => ({
    what: `DELETE ${id}`,
    take: (world: World) => either(isOurs, world).prepare('DELETE FROM workflow_runs WHERE id = ?').run(id),
  })),
  fc.constant({ what: 'read some', take: ({ store }: World) => slowRunIndex(store).step() }),
  fc.constant({ what: 'search some', take: ({ store }: World) => slowSearchIndex(store).step() }),
  fc.constant({ what: 'merge', take: ({ store }: World) => slowSearchIndex(store).merge() }),
)

const slowRunIndex = (store: Store) => createRunIndex(store, () => 0, { stepMs: 1, maxRows: 1 })
const slowSearchIndex = (store: Store) => createSearchIndex(store, () => 0, { stepMs: 1, maxText: 1, pagesAtOnce: 8 })

function put(sqlite: Database.Database, how: string, run: Run): void {
  const columns = Object.keys(run)
  attempt(sqlite, `INSERT ${how} INTO workflow_runs (${columns}) VALUES (${columns.map((name) => `@${name}`)})`, run)
}

function alter(sqlite: Database.Database, how: string, id: string, change: Run): void {
  const columns = Object.keys(change).map((name) => `${name} = @${name}`)
  attempt(sqlite, `UPDATE ${how} workflow_runs SET ${columns} WHERE id = @before`, { ...change, before: id })
}

/** An id that is taken may make it fail: then nothing has happened. */
function attempt(sqlite: Database.Database, sql: string, values: Run): void {
  try {
    sqlite.prepare(sql).run(values)
  } catch (error) {
    expect(String(error)).toContain('UNIQUE constraint failed: workflow_runs.id')
  }
}

test('whoever writes what, the index has every run once, its sums are right, and its words are found', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
      const path = temporaryFile()
      createPythonDatabase(path)
      const store = openStore(path, createTestClock())
      const world = { store, ours: store.db.$client, theirs: connect(path) }
      try {
        for (const { take } of steps) {
          await take(world)
          expectSums(world.ours)
        }
        await takeInAll(store)
        expectIndexOfAll(world.ours)
        expectSums(world.ours)
        expectSearchOfAll(world.ours)
        expectInputLinesOfAll(world.ours)
        expect(world.ours.prepare('PRAGMA integrity_check').pluck().get()).toBe('ok')
      } finally {
        world.theirs.close()
        await store.close()
      }
    }),
    { numRuns: endurance(15, 300) },
  )
}, 60_000)

const usualRun = {
  ...{ workflow_name: 'writer', status: 'completed', inputs: '{}', started_at: '2026-11-20 09:00:00' },
  ...{ error_message: 'It broke', duration_seconds: 1, total_tokens: 2, total_cost_usd: 3 },
}

test.each(Object.keys(anyColumn) as Name[])('whoever changes %s alone, the index has it', async (name) => {
  const path = temporaryFile()
  createPythonDatabase(path)
  const store = openStore(path, createTestClock())
  onTestFinished(() => store.close())
  const ours = store.db.$client
  await takeInAll(store)
  for (const value of fc.sample(anyColumn[name] as fc.Arbitrary<unknown>, 5)) {
    put(ours, 'OR REPLACE', { id: 'a', ...usualRun, [name]: value })
    put(ours, 'OR REPLACE', { id: 'b', ...usualRun })
    alter(ours, '', 'b', { [name]: value })
    expectIndexOfAll(ours)
  }
})
