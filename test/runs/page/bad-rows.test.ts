import type { Database } from 'better-sqlite3'
import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { api, buildTestApp, type TestApp } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { columnsOf, createPythonDatabase } from '../../support/store/python-database.ts'
import { connect } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

/** What another program may leave in any column, as SQL. SQLite keeps it, whatever the type of the column. */
const badValues = [
  "x'ff00fe'",
  "CAST('completed' AS BLOB)",
  "CAST('2026-11-20 09:00:00.000000' AS BLOB)",
  "'no such thing'",
  "''",
  "' '",
  '0',
  '-1',
  '1e300',
  '9e999',
  '-9e999',
  '0.0000001',
  '9223372036854775807',
  "'2026-13-45 99:99:99'",
  "'9999-12-31 23:59:59.999999'",
  `'{"a": [1'`,
  `'{"a":{"b":'`,
  'NULL',
]

/** Adds copies of a row, each with something bad in one of its columns, and gives their keys. */
function addBadRows(sqlite: Database, table: string, key: string, of: string): string[] {
  const isNumbered = table === 'execution_states'
  const columns = columnsOf(sqlite, table)
    .map(({ name }) => name)
    .filter((name) => !isNumbered || name !== 'id')
  const keys: string[] = []
  for (const column of columns) {
    for (const value of badValues) {
      const id = `${column}-${badValues.indexOf(value)}`
      const sqlOf = (name: string) => {
        if (name === column) return value
        return name === key && !isNumbered ? `'${id}'` : `"${name}"`
      }
      const values = columns.map(sqlOf)
      try {
        sqlite.exec(`INSERT INTO ${table} (${columns}) SELECT ${values} FROM ${table} WHERE ${key} = '${of}' LIMIT 1`)
        if (column !== key) keys.push(id)
      } catch (error) {
        // What SQLite itself refuses nobody can have left there.
        expect((error as { code: string }).code).toMatch(/^SQLITE_CONSTRAINT/)
      }
    }
  }
  return keys
}

async function failures(app: TestApp, urls: string[]): Promise<string[]> {
  const wrong: string[] = []
  for (const url of urls) {
    for (const accept of ['text/html', 'application/json']) {
      const { statusCode, payload } = await app.inject({ url, headers: { accept } })
      if (statusCode >= 500) wrong.push(`${url} (${accept}): ${statusCode}`)
      // A number that is none is unknown, in JSON null.
      if (accept === 'application/json' && /_(seconds|tokens|usd)":"/.test(payload)) wrong.push(`${url}: ${payload}`)
    }
  }
  return wrong
}

async function appWithBadRows(table: string, key: string, of: string) {
  const db = temporaryFile()
  createPythonDatabase(db)
  // The day of the rows: the overview shows the last days only.
  const clock = createTestClock(Date.UTC(2026, 10, 20, 23))
  const app = await buildTestApp({ db }, { clock })
  const other = connect(db)
  return { app, clock, db, other, keys: addBadRows(other, table, key, of) }
}

/** The addresses of all pages of the list. */
async function pagesOf(app: TestApp): Promise<string[]> {
  const pages = []
  for (let next: string | null = '/runs'; next; next = (await api(app, 'GET', next)).json.older) pages.push(next)
  return pages
}

test('runs with anything in any column are listed, shown, compared and exported', async () => {
  const { app, keys } = await appWithBadRows('workflow_runs', 'id', 'agent')
  expect(keys.length).toBeGreaterThan(300)
  const lists = ['/', '/runs?sort=duration', '/runs?sort=cost', '/runs?sort=tokens', '/runs?status=completed&time=all']
  const rest = ['/runs/chart', '/runs/fields', '/runs/export?format=csv', '/runs/export?format=ndjson', '/system']
  expect(await failures(app, [...lists, ...rest, ...(await pagesOf(app))])).toEqual([])
  const compared = keys.filter((id) => /^(inputs|outputs|status|started_at)/.test(id))
  const single = [...keys.map((id) => `/runs/${id}`), ...compared.map((id) => `/runs/compare?a=agent&b=${id}`)]
  expect(await failures(app, single)).toEqual([])
})

test('all runs are counted, with statuses of bytes and with more statuses than are told apart', async () => {
  const { app, other } = await appWithBadRows('workflow_runs', 'id', 'agent')
  // What has bytes for an id is listed, but no export can look it up.
  other.exec(`DELETE FROM workflow_runs WHERE typeof(id) = 'blob'`)
  const counted = async (query: string) => {
    const { total, total_is_exact: isExact, counts } = (await api(app, 'GET', `/runs?${query}`)).json
    return { total, isExact, inParts: Object.values<number>(counts).reduce((sum, one) => sum + one, 0) }
  }
  const exported = async (query: string) => {
    const { payload } = await app.inject({ url: `/runs/export?format=ndjson&${query}` })
    return payload.trim().split('\n').length
  }
  const [{ started_at: start }] = (await api(app, 'GET', '/runs?q=id:status-0')).json.runs
  const end = new Date(Date.parse(start) + 5_400_000).toISOString().slice(0, 16)
  for (const isMany of [false, true]) {
    if (isMany) {
      other.exec(`
        WITH RECURSIVE many(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM many WHERE n < 150)
        INSERT INTO workflow_runs (id, workflow_name, status, started_at)
        SELECT 'many-' || n, 'w', 'state ' || n, '${start.replace('T', ' ').replace('Z', '000')}' FROM many`)
    }
    const all = other.prepare('SELECT count(*) FROM workflow_runs').pluck().get()
    expect(await counted('')).toEqual({ total: all, isExact: true, inParts: all })
    const range = `from=${start.slice(0, 13)}:00&to=${end}`
    const within = await exported(range)
    expect(within).toBeGreaterThan(isMany ? 400 : 250)
    expect(await counted(range)).toEqual({ total: within, isExact: true, inParts: within })
  }
})

test('agents with anything in any column are listed, shown and edited', { timeout: 60_000 }, async () => {
  const { app, keys } = await appWithBadRows('agents', 'agent_id', 'writer')
  const lists = ['/', '/orchestrator', '/orchestrator/health-check', '/agents', '/agents?include_dead=true', '/runs']
  expect(await failures(app, lists)).toEqual([])
  const single = keys.flatMap((id) =>
    ['', '/edit', '/remove', '/schema/last'].map((end) => `/orchestrator/${id}${end}`),
  )
  expect(await failures(app, [...single, ...keys.map((id) => `/agents/${id}`)])).toEqual([])
  expect((await api(app, 'GET', '/orchestrator/paused_at-3')).json.is_paused).toBe(true)
})

test('saved states with anything in any column are shown with their run', async () => {
  const { app, other } = await appWithBadRows('execution_states', 'run_id', 'repr')
  expect(other.prepare('SELECT count(*) FROM execution_states').pluck().get()).toBeGreaterThan(30)
  expect(await failures(app, ['/runs/repr', '/runs/repr/nodes', '/'])).toEqual([])
})

test.each(['0', '-5', '0.001', '1e-9', "'fast'", "x'00'", '1e300', '-9e999'])(
  'a check interval of %s in the row counts as none',
  async (interval) => {
    const agent = await startAgent()
    const clock = createTestClock()
    const app = await buildTestApp({}, { clock })
    const { port } = new URL(agent.url)
    const row = `'a', 'A', '127.0.0.1', ${port}, '2026-11-22 16:14:30.000000', 60, '2026-11-22 16:14:30.000000'`
    connect(app.db).exec(
      `INSERT INTO agents (agent_id, agent_name, host, port, last_heartbeat, ttl_seconds, registered_at, check_interval_seconds, check_timeout_seconds)
       VALUES (${row}, ${interval}, ${interval})`,
    )
    app.orchestrator.start()
    await expect.poll(() => clock.advance(1000).then(() => agent.requests.length)).toBe(1)
    await clock.advance(3000)
    expect(agent.requests).toHaveLength(1)
    expect((await api(app, 'GET', '/orchestrator/a')).json).toMatchObject({ status: 'healthy' })
  },
)
