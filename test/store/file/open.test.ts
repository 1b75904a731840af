import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { StoreOpenError } from '../../../src/shared/errors.ts'
import { openStore } from '../../../src/store/sqlite/file/open.ts'
import { createTestClock } from '../../support/clock.ts'
import { columnsOf, createPythonDatabase, sharedTables } from '../../support/store/python-database.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile, temporaryFolder } from '../../support/temporary.ts'

const open = (path: string) => openStore(path, createTestClock())

function schemaOf(path: string): unknown[] {
  return connect(path).prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all()
}

describe('a fresh file', () => {
  test.each(sharedTables)('has the table %s as Python lays it out, and only nullable columns besides', (table) => {
    const python = temporaryFile()
    createPythonDatabase(python)
    const expected = columnsOf(connect(python), table)
    const ours = columnsOf(connect(openTestStore().path), table)
    expect(ours.slice(0, expected.length)).toEqual(expected)
    for (const column of ours.slice(expected.length))
      expect(column).toMatchObject({ notnull: 0, pk: 0, dflt_value: null })
  })

  test("has no table that is Python's alone", () => {
    const tables = connect(openTestStore().path).prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck()
    const theirs = ['orchestrators', 'chat_sessions', 'chat_messages', 'webhook_events', 'memory_records']
    for (const table of [...theirs, 'workflow_registrations']) expect(tables.all()).not.toContain(table)
    expect(tables.all()).toEqual(expect.arrayContaining([...sharedTables]))
  })

  test("has Python's index on heartbeats", () => {
    const { path } = openTestStore()
    expect(connect(path).pragma('index_info(ix_agents_last_heartbeat)')).toMatchObject([{ name: 'last_heartbeat' }])
  })

  test('may be there already, empty', () => {
    const path = temporaryFile()
    writeFileSync(path, '')
    expect(schemaOf(openTestStore(path).path)).toEqual(schemaOf(openTestStore().path))
  })

  test('is written through to the disk before a write counts as done', () => {
    const { store } = openTestStore()
    expect(store.db.get('PRAGMA journal_mode')).toMatchObject({ journal_mode: 'wal' })
    expect(store.db.get('PRAGMA synchronous')).toMatchObject({ synchronous: 2 })
  })
})

test('opening a second time changes nothing', async () => {
  const path = temporaryFile()
  await open(path).close()
  const [schema, bytes] = [schemaOf(path), readFileSync(path)]
  await open(path).close()
  expect(schemaOf(path)).toEqual(schema)
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('opens a file in a folder whose name needs care', async () => {
  const folder = join(temporaryFolder(), 'Größe 100% #1')
  mkdirSync(folder)
  await open(join(folder, 'a b?.db')).close()
  expect(existsSync(join(folder, 'a b?.db'))).toBe(true)
})

describe('what is refused and left as it was:', () => {
  function refusal(path: string): string {
    const before = readdirSync(dirname(path))
    const bytes = existsSync(path) ? readFileSync(path) : undefined
    let message = 'It was opened.'
    try {
      open(path)
    } catch (error) {
      expect(error).toBeInstanceOf(StoreOpenError)
      message = (error as Error).message
    }
    expect(readdirSync(dirname(path))).toEqual(before)
    if (bytes) expect(readFileSync(path).equals(bytes)).toBe(true)
    return message
  }

  test.each(['delete', 'wal'])('a file of the newer generation (journal mode %s)', (mode) => {
    const path = temporaryFile()
    const sqlite = new Database(path)
    sqlite.pragma(`journal_mode = ${mode}`)
    sqlite.exec('CREATE TABLE executions (id TEXT); CREATE TABLE deployments (id TEXT)')
    sqlite.close()
    expect(refusal(path)).toBe(
      `${path} belongs to a newer generation of configurable-agents that this dashboard cannot read. It was not changed; use another --db file.`,
    )
  })

  test.each([
    ['notes', 'CREATE TABLE notes (text TEXT)', 'with the table "notes"'],
    ['agents of another kind', 'CREATE TABLE agents (id INTEGER, name TEXT)', 'with another table "agents"'],
    ['runs of another kind', 'CREATE TABLE workflow_runs (run INTEGER)', 'with another table "workflow_runs"'],
    [
      'migrations of its own',
      'CREATE TABLE __drizzle_migrations (id, hash, created_at); CREATE TABLE users (id)',
      'with the',
    ],
  ])('a database of another program: %s', (_what, sql, words) => {
    const path = temporaryFile()
    connect(path).exec(sql)
    expect(refusal(path)).toMatch(`${path} is a database of another program, ${words}`)
  })

  test('a file that a newer dashboard has used', async () => {
    const path = temporaryFile()
    await open(path).close()
    connect(path).exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 99999999999999)").close()
    rmSync(`${path}.lock`)
    expect(refusal(path)).toBe(
      `${path} was used by a newer version of this dashboard, which this one cannot read. It was not changed; use another --db file.`,
    )
  })

  test.each([
    ['a table', 'DROP TABLE agents', 'The table agents is missing from'],
    ['a table of ours', 'DROP TABLE run_events', 'The table run_events is missing from'],
    ['a column', 'ALTER TABLE run_events DROP COLUMN attempt', 'The column run_events.attempt is missing from'],
  ])('a file that lacks %s since a dashboard used it', async (_what, sql, words) => {
    const path = temporaryFile()
    await open(path).close()
    connect(path).exec(sql).close()
    expect(() => open(path)).toThrow(`${words} ${path}. To use a backup, stop the dashboard and run "`)
  })

  test('a file of the newer generation that was not closed', () => {
    const path = temporaryFile()
    const other = new Database(path)
    other.pragma('journal_mode = wal')
    other.exec('CREATE TABLE executions (id TEXT); CREATE TABLE deployments (id TEXT)')
    // As after a crash: what was written stands in the -wal file alone.
    const abandoned = join(temporaryFolder(), 'workflows.db')
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, abandoned + suffix)
    other.close()
    const log = readFileSync(`${abandoned}-wal`)
    rmSync(`${abandoned}-shm`, { force: true })
    expect(() => open(abandoned)).toThrow('newer generation')
    expect(readFileSync(`${abandoned}-wal`).equals(log)).toBe(true)
    expect(readFileSync(abandoned)).toHaveLength(4096)
  })

  test('a text file', () => {
    const path = temporaryFile('notes.txt')
    writeFileSync(path, 'Dear diary, '.repeat(100))
    expect(refusal(path)).toBe(`${path} is not an SQLite database. It was not changed; use another --db file.`)
  })

  test('a damaged database', () => {
    const whole = temporaryFile()
    createPythonDatabase(whole)
    const path = temporaryFile()
    const bytes = readFileSync(whole)
    writeFileSync(path, bytes.fill(0xff, 100, 3000))
    expect(refusal(path)).toBe(`${path} is damaged and cannot be read. It was not changed.`)
  })

  test('a folder whose name is not free for the lock', () => {
    const path = temporaryFile()
    mkdirSync(`${path}.lock`)
    expect(refusal(path)).toBe(
      `${path} cannot be written. Check its permissions, those of its folder, and whether the disk is read-only.`,
    )
  })
})

test.each(['', 'WITHOUT ROWID'])('the tables of the newer generation beside ours are left alone', async (rowid) => {
  const path = temporaryFile()
  createPythonDatabase(path)
  const theirs = `CREATE TABLE executions (id TEXT PRIMARY KEY) ${rowid}; CREATE TABLE deployments (id TEXT)`
  connect(path).exec(theirs)
  const { store } = openTestStore(path)
  expect(await store.write(() => 1)).toBe(1)
  expect(connect(path).prepare('SELECT count(*) FROM executions').pluck().get()).toBe(0)
})

test.each(['bottleneck_info', 'config_snapshot', 'total_cost_usd', 'error_message'])(
  'a file of an older Python, without %s, gets that column',
  async (column) => {
    const path = temporaryFile()
    createPythonDatabase(path)
    connect(path).exec(`ALTER TABLE workflow_runs DROP COLUMN ${column}`)
    const before = connect(path).prepare('SELECT id, inputs FROM workflow_runs').all()
    await open(path).close()
    expect(columnsOf(connect(path), 'workflow_runs').map(({ name }) => name)).toContain(column)
    expect(connect(path).prepare('SELECT id, inputs FROM workflow_runs').all()).toEqual(before)
  },
)

test('refuses a folder in the place of the file', () => {
  const folder = temporaryFolder()
  expect(() => open(folder)).toThrow(new StoreOpenError(`${folder} is not a file.`))
})

test('refuses a file in a folder that does not exist, and makes no folder', () => {
  const folder = join(temporaryFolder(), 'missing')
  expect(() => open(join(folder, 'workflows.db'))).toThrow(
    new StoreOpenError(`The folder ${folder} does not exist. Create it first.`),
  )
  expect(existsSync(folder)).toBe(false)
})

test('knows a file by a symbolic link to it', () => {
  const { path } = openTestStore()
  const link = temporaryFile('link.db')
  symlinkSync(path, link)
  expect(() => open(link)).toThrow('Another dashboard is already running')
})
