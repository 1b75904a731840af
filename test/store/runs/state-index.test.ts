import { expect, test } from 'vitest'
import { createRunStates } from '../../../src/store/sqlite/runs/state-index.ts'
import { insertStates } from '../../support/runs/states.ts'
import { createPythonDatabase } from '../../support/store/python-database.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

const many = (count: number, run: string) => Array.from({ length: count }, () => ({ run, data: '{}' }))

function open(path?: string) {
  const opened = openTestStore(path)
  return { ...opened, states: createRunStates(opened.store), sqlite: connect(opened.path) }
}

/** A file of Python's with these states, that no dashboard has opened. */
async function pythonFile(states: Parameters<typeof insertStates>[1]): Promise<string> {
  const path = temporaryFile()
  createPythonDatabase(path)
  await insertStates({ db: path }, states)
  return path
}

async function takeAll({ store, states, clock }: ReturnType<typeof open>): Promise<number> {
  let steps = 0
  for (; states.progress() !== undefined; steps++) await store.write(() => states.takeSome(clock.now))
  return steps
}

test('a new file knows the states of each run at once, whoever saves them', async () => {
  const { path, states, sqlite } = open()
  expect(states.stateIdsOf('one')).toEqual([])
  await insertStates({ db: path }, [...many(2, 'other'), ...many(2, 'one'), ...many(1, 'other')])
  expect(states.stateIdsOf('one')).toEqual([3, 4])
  sqlite.exec(
    "UPDATE execution_states SET run_id = 'one' WHERE id = 5; UPDATE execution_states SET id = 9 WHERE id = 3",
  )
  sqlite.exec("UPDATE execution_states SET state_data = '[]'")
  expect(states.stateIdsOf('one')).toEqual([4, 5, 9])
  sqlite.exec('DELETE FROM execution_states WHERE id = 4')
  expect(states.stateIdsOf('one')).toEqual([5, 9])
  expect(states.stateIdsOf('other')).toEqual([1, 2])
})

test('states that were there before are taken in step by step, and nothing is said of any run until then', async () => {
  const opened = open(await pythonFile([...many(700, 'one'), ...many(700, 'other'), ...many(1, 'one')]))
  const { states, path } = opened
  expect(states.progress()).toEqual({ done: 0, total: 1402 })
  expect(states.stateIdsOf('one')).toBeUndefined()
  // The triggers know of those that come meanwhile.
  await insertStates({ db: path }, many(1, 'one'))
  expect(await takeAll(opened)).toBe(3)
  expect(states.stateIdsOf('one')).toHaveLength(702)
  expect(states.stateIdsOf('one')!.slice(-2)).toEqual([1402, 1403])
  expect(states.stateIdsOf('other')).toHaveLength(700)
  expect(states.stateIdsOf('repr')).toEqual([1])
})

test('goes on where it was when the program ended', async () => {
  const path = await pythonFile(many(1400, 'one'))
  const first = open(path)
  await first.store.write(() => first.states.takeSome(first.clock.now))
  await first.store.close()
  const second = open(path)
  expect(second.states.progress()).toEqual({ done: 512, total: 1401 })
  await takeAll(second)
  expect(second.states.stateIdsOf('one')).toHaveLength(1400)
})

test('gaps between the numbers of states are passed over', async () => {
  const path = temporaryFile()
  createPythonDatabase(path)
  connect(
    path,
  ).exec(`DELETE FROM execution_states; INSERT INTO execution_states (id, run_id, node_id, state_data, created_at)
    VALUES (-5, 'one', 'n', '', ''), (7, 'one', 'n', '', ''), (9007199254740991, 'one', 'n', '', '')`)
  const opened = open(path)
  expect(await takeAll(opened)).toBe(1)
  expect(opened.states.stateIdsOf('one')).toEqual([-5, 7, 9_007_199_254_740_991])
})

test('a state that takes the number of another does not count for that one’s run', async () => {
  const { path, states, sqlite } = open()
  await insertStates({ db: path }, many(1, 'one'))
  sqlite.exec(
    "REPLACE INTO execution_states (id, run_id, node_id, state_data, created_at) VALUES (1, 'other', 'n', '', '')",
  )
  expect(states.stateIdsOf('one')).toEqual([])
  expect(states.stateIdsOf('other')).toEqual([1])
})

test.each(['ABORT', 'FAIL', 'ROLLBACK', 'REPLACE', 'IGNORE'])('INSERT OR %s of a state works as ever', (conflict) => {
  const { states, sqlite } = open()
  const insert = `INSERT OR ${conflict} INTO execution_states (id, run_id, node_id, state_data, created_at)`
  // An entry that was left behind.
  sqlite.exec("INSERT INTO run_states VALUES ('one', 1)")
  sqlite.exec(`${insert} VALUES (1, 'one', 'n', '', '')`)
  expect(states.stateIdsOf('one')).toEqual([1])
})

test('the states of a run are found without looking at others', () => {
  const { sqlite } = open()
  const plan = sqlite
    .prepare("EXPLAIN QUERY PLAN SELECT state_id FROM run_states WHERE run_id = 'one' ORDER BY state_id")
    .all()
  expect(JSON.stringify(plan)).toContain('USING PRIMARY KEY (run_id=?)')
  expect(JSON.stringify(plan)).not.toContain('TEMP B-TREE')
})
