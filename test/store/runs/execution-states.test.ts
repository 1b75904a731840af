import { expect, test } from 'vitest'
import { createExecutionStateTable } from '../../../src/store/sqlite/runs/execution-states.ts'
import { insertStates } from '../../support/runs/states.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

/** A file of which run_states does not know everything yet. */
function open() {
  const { store, path } = openTestStore()
  const sqlite = connect(path)
  sqlite.exec("UPDATE dashboard_state SET value = '1' WHERE key = 'states_next'")
  return { db: path, table: createExecutionStateTable(store), sqlite }
}
const many = (count: number, run: string) => Array.from({ length: count }, () => ({ run, data: '{}' }))

const index = 'CREATE INDEX some_index ON execution_states (run_id)'

test.each([
  ['without an index', ''],
  ['with one', index],
  ['with one that does not help', 'CREATE INDEX some_index ON execution_states (node_id, run_id)'],
  ['with one for other rows', "CREATE INDEX some_index ON execution_states (run_id) WHERE node_id = 'x'"],
])('finds the states of a run in order, %s', async (_, sql) => {
  const { db, table, sqlite } = open()
  sqlite.exec(sql)
  await insertStates({ db }, [...many(2, 'other'), ...many(2, 'one'), ...many(3, 'other'), ...many(1, 'one')])
  expect(table.idsAtOnce('one')).toEqual([3, 4, 8])
  expect(await table.ids('one')).toEqual([3, 4, 8])
  expect(table.idsAtOnce('none')).toEqual([])
})

test('with an index, no other row is looked at', () => {
  const { sqlite } = open()
  sqlite.exec(index)
  const plan = sqlite
    .prepare("EXPLAIN QUERY PLAN SELECT id FROM execution_states WHERE run_id = 'one' ORDER BY id LIMIT 9")
    .all()
  expect(JSON.stringify(plan)).toContain('USING COVERING INDEX some_index')
  expect(JSON.stringify(plan)).not.toContain('TEMP B-TREE')
})

test('in a large file without one, a run is not found at once, but in the end', async () => {
  const { db, table, sqlite } = open()
  sqlite.exec("CREATE INDEX no_help ON execution_states (run_id) WHERE node_id = 'x'")
  await insertStates({ db }, [...many(1, 'one'), ...many(9000, 'other'), ...many(1, 'one')])
  expect(table.idsAtOnce('one')).toBeUndefined()
  let isOthersTurn = false
  setImmediate(() => {
    isOthersTurn = true
  })
  expect(await table.ids('one')).toEqual([1, 9002])
  expect(isOthersTurn).toBe(true)
  // What was looked through once is known from then on.
  await insertStates({ db }, many(1, 'one'))
  expect(table.idsAtOnce('one')).toEqual([1, 9002, 9003])
})

test('an index that comes later is used from then on', async () => {
  const { db, table, sqlite } = open()
  await insertStates({ db }, [...many(9000, 'other'), ...many(1, 'one')])
  expect(table.idsAtOnce('one')).toBeUndefined()
  sqlite.exec(index)
  expect(table.idsAtOnce('one')).toEqual([9001])
})

test('ids that were given again after rows were deleted are found', async () => {
  const { db, table, sqlite } = open()
  await insertStates({ db }, [...many(3, 'one'), ...many(2, 'other')])
  expect(table.idsAtOnce('one')).toEqual([1, 2, 3])
  sqlite.exec('DELETE FROM execution_states WHERE id > 1')
  await insertStates({ db }, [...many(2, 'other'), ...many(4, 'one').map((state) => ({ ...state, after: 60 }))])
  expect(table.idsAtOnce('one')).toEqual([1, 4, 5, 6, 7])
})

test('a state is read with its size, without its text; the text as far as it is wanted', async () => {
  const { db, table } = open()
  await insertStates({ db }, [{ node: 'write', data: '{"a": "é"}', after: 5 }])
  expect(table.get('one', 1)).toEqual({ id: 1, node: 'write', savedAt: Date.UTC(2026, 10, 20, 8, 0, 5), bytes: 11 })
  expect(table.text('one', 1)).toBe('{"a": "é"}')
  expect(table.text('one', 1, 8)).toBe('{"a": "é')
})

test('a state of another run, and one that is not there, is none', async () => {
  const { db, table } = open()
  await insertStates({ db }, [{ data: '{}' }])
  for (const [run, id] of [
    ['other', 1],
    ['one', 2],
    ['one', -1],
  ] as const) {
    expect(table.get(run, id)).toBeUndefined()
    expect(table.text(run, id)).toBeUndefined()
  }
})

test('rows of types that no column should hold are read', () => {
  const { table, sqlite } = open()
  sqlite.exec("INSERT INTO execution_states VALUES (7, 'one', x'6e', x'7b7d', 'yesterday'), (8, 'one', 12, 13, 14)")
  expect(table.idsAtOnce('one')).toEqual([7, 8])
  expect(table.get('one', 7)).toEqual({ id: 7, node: 'n', savedAt: Number.NaN, bytes: 2 })
  expect(table.text('one', 7)).toBe('{}')
  expect(table.text('one', 8)).toBe('13')
})
