import { expect, test } from 'vitest'
import { createInputLines } from '../../../src/store/sqlite/history/input-lines.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { expectInputLinesOfAll, takeInAll } from '../../support/store/run-index.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

/** A file that has its words, and no lines. */
async function withoutLines(runs: number) {
  const { store, path } = openTestStore()
  const inputs = (run: number) => (run % 3 === 0 ? null : `{"topic": "Topic ${run}"}`)
  await insertRuns(
    { db: path },
    Array.from({ length: runs }, (_, run) => ({ id: `run-${run}`, inputs: inputs(run) })),
  )
  await takeInAll(store)
  const sqlite = connect(path)
  sqlite.exec("DELETE FROM run_input_lines; DELETE FROM dashboard_state WHERE key = 'input_lines'")
  const count = () => sqlite.prepare('SELECT count(*) FROM run_input_lines').pluck().get() as number
  return { store, sqlite, count }
}

/** Each look at the clock takes 10 ms: a step has one run. */
function slowClock(): () => number {
  let looks = 0
  return () => 10 * looks++
}

test('are written newest first, go on after a restart, and are written once', async () => {
  const { store, sqlite, count } = await withoutLines(60)
  createInputLines(store, slowClock()).begin()
  const atStart = count()
  expect(atStart).toBeGreaterThan(5)
  expect(atStart).toBeLessThan(40)
  const newest = sqlite.prepare('SELECT max(seq) FROM run_index').pluck().get()
  expect(sqlite.prepare('SELECT 1 FROM run_input_lines WHERE seq = ?').get(newest)).toBeDefined()

  expect(await createInputLines(store, slowClock()).step()).toBe(true)
  const later = createInputLines(store, slowClock())
  later.begin()
  let steps = 0
  while (await later.step()) steps++
  expect(steps).toBeGreaterThan(10)
  expect(count()).toBe(40)
  expectInputLinesOfAll(sqlite)
})

test('are left to the next start while another program writes', async () => {
  const { store, sqlite, count } = await withoutLines(3)
  sqlite.exec('BEGIN IMMEDIATE')
  createInputLines(store, () => 0).begin()
  sqlite.exec('ROLLBACK')
  expect(await createInputLines(store, () => 0).step()).toBe(false)
  expect(count()).toBe(0)
  const next = createInputLines(store, () => 0)
  next.begin()
  while (await next.step());
  expectInputLinesOfAll(sqlite)
})
