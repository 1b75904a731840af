import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { MoveStep } from '../../../src/store/move/compare.ts'
import { move } from '../../../src/store/move/move.ts'
import { openPostgresStore } from '../../../src/store/postgres/store.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { root } from '../../architecture/sources.ts'
import { hostileTexts } from '../../contract/hostile-texts.ts'
import { createTestClock } from '../../support/clock.ts'
import { testDatabase } from '../../support/postgres/database.ts'
import { printed, startProgram } from '../../support/process.ts'
import { newRun } from '../../support/runs/new-run.ts'
import { temporaryFile } from '../../support/temporary.ts'

const clock = createTestClock()

/** The example, brought up to date, with everything that it lacks. */
async function filledFile(): Promise<string> {
  const file = temporaryFile()
  copyFileSync(`${root}workflows.db.example`, file)
  const store = openSqliteStore(file, clock)
  const by = { id: 'u1', name: 'Ann', role: 'admin' as const, agents: null }
  for (const [index, text] of Object.values(hostileTexts).entries()) {
    const startedAt = 1_763_800_000_000 + (index >> 1)
    const run = { ...newRun(`hostile-${index}`), startedAt, inputs: text }
    await store.runs.accept({
      run: () => run,
      schemaText: '{"inputs": {}}',
      key: { key: `key ${index}`, inputsHash: 'h', at: startedAt, expiresBefore: 0 },
    })
    await store.runs.change(run.id, () => ({
      change: { status: 'completed', outputs: text, error: text, totalTokens: 12, totalCostUsd: 0.1 + 0.2 },
      event: { kind: 'completed', attempt: 1, at: startedAt + 5 },
    }))
  }
  const ids = { runIds: ['hostile-0', 'hostile-1'] }
  await store.bulk.add({ id: 'b1', token: 't1', action: 'rerun', runs: ids, createdAt: 5, startedBy: by } as never)
  await store.close()
  const sqlite = new Database(file)
  sqlite.exec(`
    UPDATE workflow_runs SET total_tokens = 1e15 WHERE id = 'hostile-7';
    UPDATE workflow_runs SET started_at = 'once' WHERE id = 'hostile-6';
    INSERT INTO dashboard_users VALUES ('u1', 'password', 'ann', 'Ann', 'hash', 'operator', '["a","b\\u0000"]', 1, NULL);
    INSERT INTO dashboard_sessions VALUES ('s1', 'sh', 'u1', 1, 2, 3, '127.0.0.1', 'Firefox');
    INSERT INTO dashboard_tokens VALUES ('t1', 'th', 'ci', 'run', 'operator', NULL, 'u1', 1, NULL, 5);
    INSERT INTO dashboard_audit (id, at, actor_id, actor_name, actor_role, action) VALUES (7, 1, 'u1', 'Ann', 'admin', 'x');
    INSERT INTO agent_credentials SELECT agent_id, 'bearer', 'http://a', 'sealed', registered_at FROM agents LIMIT 1;
    INSERT INTO bulk_reasons VALUES ('b1', 'failed', 'because', 3, 'hostile-0');
    INSERT INTO saved_views VALUES ('v1', 'mine', 'status=failed', 5, 'u1', 1);
    INSERT INTO dashboard_state VALUES ('let_go_runs', '12');
    CREATE TABLE chat_sessions (id TEXT); INSERT INTO chat_sessions VALUES ('of Python');`)
  sqlite.close()
  return file
}

/** What a file holds, byte for byte, but for what a store makes of it by itself. */
function contentOf(file: string): Record<string, unknown[]> {
  const sqlite = new Database(file, { readonly: true })
  const names = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
  const own = names.filter((name) => !/^sqlite_|^run_search|^__|chat_sessions|dashboard_state|run_input/.test(name))
  const rowsOf = (name: string) => sqlite.prepare(`SELECT * FROM "${name}"`).all() as Record<string, unknown>[]
  const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  const content = Object.fromEntries(own.sort().map((name) => [name, rowsOf(name).sort(byText)]))
  // SQLite cuts it at a NUL.
  for (const row of content.run_index!) delete row.error
  return content
}

/** As PostgreSQL can hold it. */
function heldOf(value: unknown): unknown {
  if (value === 'once') return ''
  if (value === 1e15) return null
  return typeof value === 'string' ? value.replaceAll('\u0000', '\ufffd') : value
}

const held = (rows: unknown[]) =>
  rows.map((row) => Object.fromEntries(Object.entries(row as object).map(([name, value]) => [name, heldOf(value)])))

test('there and back, a file holds what it held', { timeout: 60_000 }, async () => {
  const [file, back] = [await filledFile(), temporaryFile()]
  const [bytes, content] = [readFileSync(file), contentOf(file)]
  const { url } = await testDatabase()

  const there = await move(file, url)
  expect(there.left).toEqual([{ name: 'chat_sessions', rows: 1 }])
  expect(there.changed).toEqual({ texts: 3, numbers: 1 })
  expect(Object.fromEntries(there.tables.map(({ name, rows }) => [name, rows]))).toMatchObject({
    ...{ runs: 291, agents: 12, users: 1, sessions: 1, tokens: 1, 'audit trail': 1, 'health checks': 682 },
    ...{ 'saved views': 1, 'states of nodes': 59, 'reasons of bulk actions': 1, 'counts of deleted runs': 1 },
  })
  expect(readFileSync(file).equals(bytes)).toBe(true)

  const again = await move(url, back)
  expect(again.tables).toEqual(there.tables)
  expect(again).toMatchObject({ left: [], changed: { texts: 0, numbers: 0 } })
  const found = contentOf(back)
  for (const name of Object.keys(content)) expect({ [name]: found[name] }).toEqual({ [name]: held(content[name]!) })
})

test('what a store makes of its rows is there as well', { timeout: 60_000 }, async () => {
  const [file, back] = [await filledFile(), temporaryFile()]
  const { url } = await testDatabase()
  await move(file, url)
  const postgres = await openPostgresStore(url, clock)
  expect((await postgres.agents.all()).length).toBe(12)
  const run = { ...newRun('later'), startedAt: 1_763_800_000_000 }
  await postgres.runs.accept({ run: () => run })
  await postgres.close()

  await move(url, back)
  const store = openSqliteStore(back, clock)
  const { runs } = store
  expect(await runs.get('later')).toMatchObject({ id: 'later', startedAt: run.startedAt })
  expect((await runs.get('hostile-3'))?.inputs).toBe(hostileTexts['a number beyond 2^53'])
  await store.close()
})

test('a move that is ended anywhere continues', { timeout: 120_000 }, async () => {
  const file = await filledFile()
  const { url } = await testDatabase()
  const places = new Set(['moving agents', 'moving runs', 'moving calls of agents', 'comparing runs'])
  for (let isOver = false; !isOver; ) {
    const stop = new AbortController()
    const onStep = ({ doing, name }: MoveStep) => {
      if (places.delete(`${doing} ${name}`)) stop.abort()
    }
    const moved = await move(file, url, { onStep, signal: stop.signal }).catch((error) => error)
    isOver = !(moved instanceof Error)
    if (isOver) expect(moved.tables.find(({ name }: { name: string }) => name === 'runs')).toMatchObject({ rows: 291 })
    else expect(moved.message).toBe('Stopped. Run the same command to continue.')
    if (!isOver && places.size === 2)
      await expect(openPostgresStore(url, clock)).rejects.toThrow(/^A move into .* is not complete/)
  }
  expect(places.size).toBe(0)
  expect(await move(file, url)).toMatchObject({ isOld: true })
})

test('a move that is killed, or loses its connection, continues', { timeout: 60_000 }, async () => {
  const file = await filledFile()
  const { url, client } = await testDatabase()
  await client.query('BEGIN; LOCK TABLE run_events IN SHARE MODE')
  const endIt = () =>
    client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'configurable-agents move'`)
  const cut = move(file, url, { onStep: ({ name }) => void (name === 'runs' && endIt()) })
  // The second, where it ended between two statements.
  const why = /^postgres:\/\/\S+ cannot be reached \((it was stopped|the connection ended)\)\. Check [^\n]+$/
  await expect(cut).rejects.toThrow(why)

  const command = ['bin/configurable-agents.js', 'move', file, url]
  const first = startProgram(command)
  await printed(first, /Moving runs/)
  expect(await first.stop('SIGKILL')).toBe(null)
  await client.query('COMMIT')

  const second = startProgram([...command, '--json'])
  expect([await second.ended, second.output()]).toEqual([0, expect.stringContaining('"isOld":false')])
  const { rows } = await client.query('SELECT count(*)::int AS runs FROM runs')
  expect(rows).toEqual([{ runs: 291 }])
})

test('a target that holds something, and a database that is in use, are refused in words', {
  timeout: 60_000,
}, async () => {
  const [file, other] = [await filledFile(), await filledFile()]
  const { url } = await testDatabase()
  const store = openSqliteStore(file, clock)
  await expect(move(file, url)).rejects.toThrow(/^Another dashboard is already running on .* Stop it, then move\.$/)
  await store.close()
  const postgres = await openPostgresStore(url, clock)
  const inUse = /^A dashboard is using postgres:\/\/[^:]*@?127\.0\.0\.1:\d+\/\w+\. Stop all that use it, then move\.$/
  await expect(move(file, url)).rejects.toThrow(inUse)
  await postgres.close()

  await move(file, url)
  await expect(move(other, url)).rejects.toThrow(/^A move from elsewhere into .* has begun\. It was not changed\.$/)
  await expect(move(url, other)).rejects.toThrow(/is not empty: it has \w+/)
  const missing = temporaryFile('missing.db')
  await expect(move(missing, url)).rejects.toThrow(`There is no database ${missing}.`)
  expect(existsSync(missing)).toBe(false)
})
