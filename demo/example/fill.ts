import type { Store } from '../../src/store/sqlite/file/open.ts'
import { getTableColumns, type SQLiteTable } from '../../src/store/sqlite/sql/drizzle.ts'
import { placeholders } from '../../src/store/sqlite/sql/placeholders.ts'
import {
  agents,
  executionStates,
  healthChecks,
  healthIncidents,
  healthRollups,
  runEvents,
  runExchanges,
  workflowRuns,
} from '../../src/store/sqlite/sql/schema/tables.ts'
import { demoAgents } from '../fleet/agents.ts'
import { createRandom } from '../random.ts'
import { agentRow } from './agents.ts'
import { exampleHealth } from './health.ts'
import { exampleRuns } from './runs.ts'
import { exampleStates } from './states.ts'

/** The same code writes the same rows. */
const seed = 20261122

const dayMs = 86_400_000

/** What the demo shows. */
const all = { runShare: 1, healthHoursMs: 30 * dayMs }

/** Fills a database with the agents of the demo and two weeks of work until `now`, or with a part of it. */
export async function fillExample(
  { db, write }: Pick<Store, 'db' | 'write'>,
  now: number,
  { runShare, healthHoursMs } = all,
): Promise<void> {
  const random = createRandom(seed)
  const health = demoAgents.map((agent) => exampleHealth(agent, now, healthHoursMs, random))
  const outages = health.flatMap(({ incidents }) => incidents)
  const runs = exampleRuns(now, runShare, outages, createRandom(seed + 1))
  const states = exampleStates(
    runs.map(({ run }) => run),
    createRandom(seed + 2),
  )
  const logs = runs.flatMap(({ log }) => log ?? [])
  const insert = createInsert(db)
  await write(() => {
    for (const agent of demoAgents) insert(agents, [agentRow(agent, now)])
    for (const { checks, rollups, incidents } of health) {
      insert(healthChecks, checks)
      insert(healthRollups, rollups)
      insert(healthIncidents, incidents, ['id'])
    }
    for (const { run } of runs) insert(workflowRuns, [run])
    insert(executionStates, states, ['id'])
    for (const { events, exchanges } of logs) {
      insert(runEvents, events, ['id'])
      insert(runExchanges, exchanges, ['id'])
    }
  })
}

/** One statement for all rows of a table: to build one takes longer than to carry it out. */
function createInsert(db: Store['db']) {
  const statements = new Map<SQLiteTable, (row: object) => void>()

  function statementFor(table: SQLiteTable, madeByTable: string[]): (row: object) => void {
    const nothing = Object.fromEntries(Object.keys(getTableColumns(table)).map((name) => [name, null]))
    const statement = db.insert(table).values(placeholders(table, madeByTable)).prepare()
    return (row) => statement.run({ ...nothing, ...row })
  }

  return <Table extends SQLiteTable>(table: Table, rows: Table['$inferInsert'][], madeByTable: string[] = []): void => {
    if (!statements.has(table)) statements.set(table, statementFor(table, madeByTable))
    for (const row of rows) statements.get(table)!(row)
  }
}
