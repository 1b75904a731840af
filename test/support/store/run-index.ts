import type Database from 'better-sqlite3'
import { expect } from 'vitest'
import { payloadLine } from '../../../src/shared/json/line.ts'
import { indexedText } from '../../../src/shared/search/text.ts'
import type { Store } from '../../../src/store/sqlite/file/open.ts'
import { createRunIndex } from '../../../src/store/sqlite/history/filling.ts'
import { createSearchIndex } from '../../../src/store/sqlite/history/search-index.ts'
import { fromDatetime } from '../../../src/store/sqlite/sql/datetime.ts'

type Row = Record<string, unknown>

const placesPerMs = 4096
const hourMs = 3_600_000

/** Takes in all that waits, as the program does in the background. */
export async function takeInAll(store: Store, now = () => 0): Promise<void> {
  const runs = createRunIndex(store, now)
  const search = createSearchIndex(store, now)
  while (runs.progress()) await runs.step()
  while (search.isBehind()) {
    await search.step()
    await search.merge()
  }
}

/** That run_index holds of every run what stands in workflow_runs, in the order in which they started. */
export function expectIndexOfAll(sqlite: Database.Database): void {
  const indexed = sqlite.prepare('SELECT * FROM run_index ORDER BY seq').all() as Row[]
  const rows = sqlite.prepare('SELECT * FROM workflow_runs').all() as Row[]
  const byId = (one: Row, other: Row) => (String(one.run_id) < String(other.run_id) ? -1 : 1)
  expect(indexed.map(({ seq: _, ...entry }) => entry).sort(byId)).toEqual(rows.map(entryOf).sort(byId))
  for (const { seq, started_at } of indexed) {
    const place = seq as number
    expect(Number.isSafeInteger(place)).toBe(true)
    // Who shares a millisecond with very many others is moved on, and never far.
    const ms = fromDatetime(started_at)
    const late = Math.floor(place / placesPerMs) - (Number.isNaN(ms) ? 0 : ms)
    expect(late).toBeGreaterThanOrEqual(0)
    expect(late).toBeLessThanOrEqual(Math.ceil(indexed.length / placesPerMs))
  }
}

function entryOf(row: Row): Row {
  return {
    run_id: row.id,
    agent: row.workflow_name,
    agent_id: row.agent_id,
    workflow: row.agent_workflow ?? row.workflow_name,
    status: row.status,
    started_at: row.started_at,
    completed_at: row.completed_at,
    duration: numberIn(row.duration_seconds, 1e9),
    tokens: whole(numberIn(row.total_tokens, 1e12)),
    cost: numberIn(row.total_cost_usd, 1e9),
    rerun_of: row.rerun_of,
    error: row.error_message === null ? null : String(row.error_message).slice(0, 200),
    reported: row.reported_at === null ? null : 1,
    started_by: row.started_by_name,
  }
}

const numberIn = (value: unknown, most: number) => (typeof value === 'number' && Math.abs(value) <= most ? value : null)

const whole = (value: number | null) => (value === null ? null : Math.trunc(value) + 0)

/** That run_hours and run_days are what run_index adds up to, at any moment. */
export function expectSums(sqlite: Database.Database): void {
  const entries = sqlite.prepare('SELECT * FROM run_index').all() as Row[]
  for (const [table, ms] of [
    ['run_hours', hourMs],
    ['run_days', 24 * hourMs],
  ] as const) {
    const sums = new Map<string, Row>()
    for (const { seq, agent, status, duration, tokens, cost } of entries) {
      const at = Math.floor((seq as number) / placesPerMs / ms)
      const key = JSON.stringify([at, agent, status])
      const sum = sums.get(key) ?? { at, agent, status, runs: 0, duration: 0, timed: 0, tokens: 0, cost: 0 }
      const add = (name: string, value: unknown) => {
        sum[name] = (sum[name] as number) + Number(value ?? 0)
      }
      add('runs', 1)
      add('duration', duration)
      add('timed', duration !== null)
      add('tokens', tokens)
      add('cost', cost)
      sums.set(key, sum)
    }
    const found = sqlite.prepare(`SELECT * FROM ${table}`).all() as Row[]
    const inOrder = (rows: Row[]) => rows.map((row) => JSON.stringify(row, rounded)).sort()
    expect(inOrder(found)).toEqual(inOrder([...sums.values()]))
  }
}

/** What was added in another order, or was taken off again, differs in the sixteenth digit. */
const rounded = (_name: string, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(6)) : value)

/** That every run has the line that says what it was given, and nothing else has one. */
export function expectInputLinesOfAll(sqlite: Database.Database): void {
  const lines = sqlite.prepare('SELECT seq, line FROM run_input_lines ORDER BY seq').all()
  const rows = sqlite
    .prepare('SELECT seq, inputs FROM run_index JOIN workflow_runs ON workflow_runs.id = run_index.run_id ORDER BY seq')
    .all() as Row[]
  expect(lines).toEqual(
    rows.flatMap(({ seq, inputs }) => {
      const line = payloadLine(textOf(inputs))
      return line === null ? [] : [{ seq, line }]
    }),
  )
}

/** That run_search holds the words of every run, at its place, and no others. */
export function expectSearchOfAll(sqlite: Database.Database): void {
  sqlite.exec('CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, run_search, instance)')
  const found = sqlite.prepare('SELECT DISTINCT doc, col, term FROM temp.words').raw().all()
  const rows = sqlite
    .prepare(
      `SELECT seq, inputs, outputs, error_message AS error
       FROM run_index JOIN workflow_runs ON workflow_runs.id = run_index.run_id`,
    )
    .all() as Row[]
  const wanted = rows.flatMap((row) =>
    ['inputs', 'outputs', 'error'].flatMap((column) =>
      indexedText(textOf(row[column]))
        .split(' ')
        .filter(Boolean)
        .map((term) => [row.seq, column, term]),
    ),
  )
  const inOrder = (list: unknown[]) => list.map((one) => JSON.stringify(one)).sort()
  expect(inOrder(found)).toEqual(inOrder(wanted))
}

const textOf = (value: unknown) => (value === null ? null : String(value))
