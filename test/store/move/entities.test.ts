import { expect, test } from 'vitest'
import { entities } from '../../../src/store/move/entities.ts'
import { getTableConfig, is, PgTable } from '../../../src/store/postgres/sql/drizzle.ts'
import * as base from '../../../src/store/postgres/sql/schema/tables.ts'
import { getTableName, SQLiteTable } from '../../../src/store/sqlite/sql/drizzle.ts'
import * as file from '../../../src/store/sqlite/sql/schema/tables.ts'

const inFile = Object.values<unknown>(file).flatMap((one) => (is(one, SQLiteTable) ? getTableName(one) : []))
const inBase = Object.values<unknown>(base).flatMap((one) => (is(one, PgTable) ? getTableConfig(one).name : []))

test('every table is moved, or made anew by the store it is in', () => {
  const sums = ['run_hours', 'run_days', 'run_totals', 'run_search_queue']
  const ofFile = ['run_index', 'run_input_lines', 'run_search_long', 'run_states', 'removed_runs', 'session_state']
  const moved = entities.map((entity) => getTableName(entity.file))
  expect([...moved, ...sums, ...ofFile].sort()).toEqual(inFile.sort())
  // Those of a run are moved with it; dashboards and what they agree on are of one database.
  const ofBase = ['run_texts', 'run_deltas', 'run_search', 'agent_health', 'counts', 'dashboards', 'leases']
  const movedThere = entities.map((entity) => getTableConfig(entity.base).name)
  expect([...movedThere, ...sums, ...ofBase].sort()).toEqual(inBase.sort())
})
