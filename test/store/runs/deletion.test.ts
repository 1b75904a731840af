import { expect, test } from 'vitest'
import { createRunDeletion } from '../../../src/store/sqlite/runs/deletion.ts'
import { createRunStates } from '../../../src/store/sqlite/runs/state-index.ts'
import { expectOnly, insertPast, type PastRun } from '../../support/history/history.ts'
import { insertStates } from '../../support/runs/states.ts'
import { createPythonDatabase } from '../../support/store/python-database.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

const began = Date.UTC(2026, 8, 1)
const past = (count: number): PastRun[] =>
  Array.from({ length: count }, (_, index) => ({ id: `run-${index}`, startedAt: began + index * 1000 }))

function open(runs: PastRun[], path?: string) {
  const opened = openTestStore(path)
  insertPast({ db: opened.path }, runs)
  const { store, clock } = opened
  const states = createRunStates(store)
  const deletion = createRunDeletion(store, clock.now)
  const steps = { taken: 0 }
  /** Deletes these runs, in as many steps as that takes; resolves to how many of them there were. */
  async function deleteRuns(ids: string[]): Promise<number> {
    let deleted = 0
    for (let at = 0; at < ids.length; steps.taken++) {
      let next = at
      const step = await store.write(() => deletion.deleteSome(() => ids[next++]))
      at += step.named
      deleted += step.deleted
    }
    return deleted
  }
  return { ...opened, states, deletion, steps, deleteRuns, sqlite: connect(opened.path) }
}

test('a run goes with all that belongs to it, the states that Python saved of it too, and nothing else goes', async () => {
  const { deleteRuns, path } = open(past(5))
  expect(await deleteRuns(['run-1', 'run-3'])).toBe(2)
  expectOnly(path, ['run-0', 'run-2', 'run-4'], expect)
})

test('tells how many of the runs there were', async () => {
  const { deleteRuns, path } = open(past(2))
  expect(await deleteRuns(['run-1', 'none', 'run-1'])).toBe(1)
  expect(await deleteRuns([])).toBe(0)
  expectOnly(path, ['run-0'], expect)
})

test('many runs go in many small transactions', async () => {
  const { deleteRuns, steps, path } = open(past(230))
  const [gone, kept] = [past(220), past(230).slice(220)].map((runs) => runs.map(({ id }) => id))
  expect(await deleteRuns(gone!)).toBe(220)
  expect(steps.taken).toBe(5)
  expectOnly(path, kept!, expect)
})

test('a run of very many states is not deleted before they are', async () => {
  const { deletion, deleteRuns, path, store, sqlite } = open(past(2))
  await insertStates(
    { db: path },
    Array.from({ length: 450 }, () => ({ run: 'run-0', data: '{}' })),
  )
  const step = () => store.write(() => deletion.deleteSome(() => 'run-0'))
  expect(await step()).toEqual({ named: 0, deleted: 0 })
  expect(sqlite.prepare("SELECT count(*) FROM workflow_runs WHERE id = 'run-0'").pluck().get()).toBe(1)
  expect(await deleteRuns(['run-0'])).toBe(1)
  expectOnly(path, ['run-1'], expect)
})

test('states that are not known yet follow their run when they are', async () => {
  const file = temporaryFile()
  createPythonDatabase(file)
  await insertStates({ db: file }, [
    ...Array.from({ length: 900 }, () => ({ run: 'repr', data: '{}' })),
    { run: 'nan', data: '{}' },
  ])
  const { deletion, deleteRuns, states, store, clock, sqlite } = open([], file)
  expect(await deleteRuns(['repr'])).toBe(1)
  expect(sqlite.prepare("SELECT count(*) FROM execution_states WHERE run_id = 'repr'").pluck().get()).toBe(901)
  expect(deletion.deleteStatesOfDeleted()).toBe(false)
  while (!states.isWhole()) await store.write(() => states.takeSome(clock.now))
  while (await store.write(deletion.deleteStatesOfDeleted));
  expect(sqlite.prepare('SELECT run_id FROM execution_states').pluck().all()).toEqual(['nan'])
  expect(sqlite.prepare('SELECT run_id FROM run_states').pluck().all()).toEqual(['nan'])
  expect(sqlite.prepare('SELECT * FROM removed_runs').all()).toEqual([])
})

test('what is ours of a run goes when another program deletes it; the states are that one’s', () => {
  const { sqlite } = open(past(2))
  sqlite.exec("DELETE FROM workflow_runs WHERE id = 'run-0'")
  for (const table of ['run_index', 'run_events', 'run_exchanges', 'run_keys']) {
    expect(sqlite.prepare(`SELECT DISTINCT run_id FROM ${table}`).pluck().all(), table).toEqual(['run-1'])
  }
  expect(sqlite.prepare('SELECT DISTINCT run_id FROM execution_states').pluck().all()).toEqual(['run-0', 'run-1'])
})

test('a state that has taken the number of one of the run stays', async () => {
  const { deleteRuns, sqlite } = open(past(2))
  sqlite.exec(
    "REPLACE INTO execution_states (id, run_id, node_id, state_data, created_at) VALUES (1, 'run-1', 'n', '', '')",
  )
  await deleteRuns(['run-0'])
  expect(sqlite.prepare('SELECT id, run_id FROM execution_states').raw().all()).toEqual([
    [1, 'run-1'],
    [3, 'run-1'],
    [4, 'run-1'],
  ])
  expect(sqlite.prepare('SELECT state_id FROM run_states').pluck().all()).toEqual([1, 3, 4])
})

test('an entry of the index without a run goes too, or who asks it would never come to an end', async () => {
  const { deleteRuns, sqlite } = open(past(1))
  sqlite.exec("DROP TRIGGER workflow_runs_removed; DELETE FROM workflow_runs WHERE id = 'run-0'")
  expect(await deleteRuns(['run-0'])).toBe(0)
  expect(sqlite.prepare('SELECT * FROM run_index').all()).toEqual([])
})
