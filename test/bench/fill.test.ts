import Database from 'better-sqlite3'
import pg from 'pg'
import { expect, test } from 'vitest'
import { fillPostgres } from '../../bench/postgres-fill.ts'
import { searches } from '../../bench/sample-payloads.ts'
import { sampleRuns } from '../../bench/sample-runs.ts'
import { fillSqlite } from '../../bench/sqlite-fill.ts'
import { parseSearch } from '../../src/orchestrator/history/search/parse.ts'
import { selectionOf } from '../../src/orchestrator/history/selection.ts'
import { systemClock } from '../../src/shared/time/clock.ts'
import { utc } from '../../src/shared/time/zone.ts'
import { move } from '../../src/store/move/move.ts'
import type { HistoryStore } from '../../src/store/ports/history.ts'
import { createFolding } from '../../src/store/postgres/runs/folding.ts'
import { openPostgresStore } from '../../src/store/postgres/store.ts'
import { rowOfRecord } from '../../src/store/sqlite/runs/record.ts'
import { workflowRuns } from '../../src/store/sqlite/sql/schema/runs.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { testDatabase } from '../support/postgres/database.ts'
import { temporaryFile } from '../support/temporary.ts'

// What the bench writes in bulk is what the program makes of the same runs, one by one.

const end = Date.UTC(2026, 10, 22, 16, 14, 30, 57)
const size = { runs: 2000, agents: 4, payloadBytes: 1500, end }
const agentsUrl = 'http://127.0.0.1:9'
const order = { by: 'started', isDescending: true } as const

type Rows = Record<string, unknown>[]
type Content = Record<string, string[]>

async function takeIn(history: HistoryStore): Promise<void> {
  await history.begin()
  while (await history.progress()) await history.takeIn()
  while ((await history.unindexed(1)) > 0) await history.index()
  while (await history.addInputLines());
}

async function fileOfProgram(): Promise<string> {
  const path = temporaryFile()
  const store = openSqliteStore(path, systemClock)
  await takeIn(store.history)
  await store.write(() => {
    for (const { seq: _, number: __, ...run } of sampleRuns(size)) {
      store.db.insert(workflowRuns).values(rowOfRecord(run)).run()
    }
  })
  await takeIn(store.history)
  await store.close()
  return path
}

/** Of sums in another order, the last digits differ. */
const plain = (_: string, value: unknown) => {
  if (value instanceof Map) return [...value]
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value
}
const sorted = (rows: object[]): string[] => rows.map((row) => JSON.stringify(row, plain)).sort()

function contentOfFile(path: string): Content {
  const sqlite = new Database(path)
  sqlite.exec(`CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'run_search', 'instance')`)
  const schema = sqlite.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema').all() as Rows
  const tables = schema
    .map(({ name }) => String(name))
    .filter((name) => /^(?:workflow_runs|run_(?!search|entries|sums))\w*$/.test(name))
  const rows = (query: string) => sorted(sqlite.prepare(query).all() as Rows)
  const content = {
    schema: sorted(schema),
    words: rows('SELECT term, doc, col FROM words'),
    searched: rows('SELECT id, sz FROM run_search_docsize'),
    settings: rows('SELECT * FROM run_search_config'),
    queue: rows('SELECT * FROM run_search_queue'),
    state: rows(`SELECT * FROM dashboard_state WHERE key IN ('search_words', 'input_lines', 'history_next')`),
    ...Object.fromEntries(
      schema
        .filter(({ type, name }) => type === 'table' && tables.includes(String(name)))
        .map(({ name }) => [name, rows(`SELECT * FROM ${name}`)]),
    ),
  }
  sqlite.close()
  return content
}

async function contentOfDatabase(url: string): Promise<Content> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const rows = async (query: string) => sorted((await client.query(query)).rows)
  const content: Content = {
    indexes: await rows('SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()'),
    constraints: await rows('SELECT conname, pg_get_constraintdef(oid) AS made FROM pg_constraint'),
    state: await rows(
      `SELECT * FROM dashboard_state WHERE key IN ('search_words', 'search_words_anew', 'input_lines')`,
    ),
  }
  content.sizes = await rows('SELECT seq, pg_column_size(words) AS bytes FROM run_search')
  for (const name of ['runs', 'run_texts', 'run_search', 'run_search_queue', 'run_hours', 'run_days', 'run_totals']) {
    content[name] = await rows(`SELECT * FROM ${name}`)
  }
  await client.end()
  return content
}

/** What people see of it. */
async function shownOf(history: HistoryStore): Promise<unknown[]> {
  const shown: unknown[] = []
  for (const q of ['', ...Object.values(searches), 'refused -climate']) {
    const read = parseSearch(q)
    if (!('value' in read)) throw new Error(read.error)
    const selection = selectionOf({ agents: [], statuses: [], search: read.value })
    const { runs } = await history.list(selection, { order, max: 50 })
    const { total: _, ...figures } = await history.figures(selection, end, utc)
    shown.push({ q, ids: runs.map(({ id }) => id), figures: sorted([figures]) })
  }
  return shown
}

/** Tells of a few rows that only one of them has. */
function expectSame(found: Content, expected: Content): void {
  for (const [name, rows] of Object.entries(expected)) {
    const only = (some: string[], others: Set<string>) => some.filter((row) => !others.has(row)).slice(0, 3)
    const differing = { lacks: only(rows, new Set(found[name])), hasBesides: only(found[name]!, new Set(rows)) }
    expect({ [name]: differing }).toEqual({ [name]: { lacks: [], hasBesides: [] } })
    expect(found[name]).toHaveLength(rows.length)
  }
}

test('a file is filled with what the program makes of the same runs', { timeout: 120_000 }, async () => {
  const [ofProgram, filled] = [await fileOfProgram(), temporaryFile()]
  await fillSqlite(filled, agentsUrl, size)
  const expected = contentOfFile(ofProgram)
  expect(expected.words!.length).toBeGreaterThan(50_000)
  expectSame(contentOfFile(filled), expected)
  const stores = [ofProgram, filled].map((path) => openSqliteStore(path, systemClock))
  const [wanted, shown] = [await shownOf(stores[0]!.history), await shownOf(stores[1]!.history)]
  for (const store of stores) await store.close()
  expect(shown).toEqual(wanted)
})

test('a database is filled with what the program makes of the same runs', { timeout: 120_000 }, async () => {
  const ofProgram = (await testDatabase({ isNew: true })).url
  const filled = (await testDatabase({ isNew: true })).url
  await move(await fileOfProgram(), ofProgram)
  const stores = [await openPostgresStore(ofProgram, systemClock)]
  await takeIn(stores[0]!.history)
  await createFolding(stores[0]!).fold()
  await fillPostgres(filled, agentsUrl, size)
  expectSame(await contentOfDatabase(filled), await contentOfDatabase(ofProgram))
  stores.push(await openPostgresStore(filled, systemClock))
  const [wanted, shown] = [await shownOf(stores[0]!.history), await shownOf(stores[1]!.history)]
  for (const store of stores) await store.close()
  expect(shown).toEqual(wanted)
})
