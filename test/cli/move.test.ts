import { copyFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { root } from '../architecture/sources.ts'
import { cli } from '../support/cli.ts'
import { createTestClock } from '../support/clock.ts'
import { testDatabase } from '../support/postgres/database.ts'
import { newRun } from '../support/runs/new-run.ts'
import { temporaryFile } from '../support/temporary.ts'

test('what was moved is said in a table, or as JSON, and never the password', { timeout: 60_000 }, async () => {
  const file = temporaryFile()
  copyFileSync(`${root}workflows.db.example`, file)
  expect(await cli(['move', file, 'postgres://x:secret@127.0.0.1:9/y'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/is of an older version, or of the Python program alone\. Start this version/),
  })
  await openSqliteStore(file, createTestClock()).close()
  const nowhere = await cli(['move', file, 'postgres://x:secret@127.0.0.1:9/y'])
  expect(nowhere).toMatchObject({ code: 1, out: '', err: expect.stringContaining('postgres://x@127.0.0.1:9/y') })

  const { url } = await testDatabase()
  const moved = await cli(['move', file, url])
  expect(moved.code).toBe(0)
  expect(moved.err).toMatch(/^Moving agents: 12\n(?:Moving .+\n)+(?:Comparing .+\n)+$/)
  expect(moved.out).toMatch(/^MOVED +ROWS +SHA-256\n/)
  expect(moved.out).toMatch(/\nruns +283 +[0-9a-f]{16}\n/)
  expect(moved.out).toMatch(/\n\S+ and postgres:\S+ have the same rows, by count and checksum\.\n$/)
  const again = await cli(['move', file, url])
  expect(again.out).toMatch(/ was moved to .* before, and has not changed since\. Nothing was changed\.\n$/)

  const back = await cli(['move', url, temporaryFile(), '--json'])
  const { tables } = JSON.parse(back.out)
  expect(tables).toContainEqual({ name: 'runs', rows: 283, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) })
  const { password } = new URL(url)
  expect(password).not.toBe('')
  for (const { out, err } of [moved, back]) expect(out + err).not.toContain(password)
  expect(nowhere.err).not.toContain('secret')
})

test('runs whose ids PostgreSQL cannot tell apart are named and counted, and nothing is moved', async () => {
  const file = temporaryFile()
  const store = openSqliteStore(file, createTestClock())
  const ids = ['a\u0000', 'a\ufffd', 'b\u0000c', 'b\ufffdc\u0000', 'd\u0000\u0000', 'd\u0000\ufffd', 'e']
  for (const id of ids) await store.runs.accept({ run: () => newRun(id) })
  const { url, client } = await testDatabase()
  await store.close()
  const refused = await cli(['move', file, url])
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.err).toContain('4 runs of ')
  expect(refused.err).toContain('"a\ufffd", "a\\u0000", "d\\u0000\\u0000", "d\\u0000\ufffd". Nothing was moved')
  expect((await client.query('SELECT FROM runs')).rowCount).toBe(0)

  const sqlite = new Database(file)
  for (const id of ['a\ufffd', 'd\u0000\u0000']) sqlite.prepare('DELETE FROM workflow_runs WHERE id = ?').run(id)
  sqlite.close()
  expect((await cli(['move', file, url])).err).not.toContain('NUL')
  expect((await client.query('SELECT FROM runs')).rowCount).toBe(5)
})

test('what is new in the source after its move is named, and not added', { timeout: 60_000 }, async () => {
  const file = temporaryFile()
  copyFileSync(`${root}workflows.db.example`, file)
  await openSqliteStore(file, createTestClock()).close()
  const { url, client } = await testDatabase()
  expect((await cli(['move', file, url])).code).toBe(0)
  const store = openSqliteStore(file, createTestClock())
  for (const id of ['late-1', 'late-2']) await store.runs.accept({ run: () => newRun(id) })
  const view = { id: 'v', name: 'mine', query: 'status=failed', createdAt: 1, owner: null, isShared: true }
  await store.views.add(view, 10)
  await store.close()
  const sqlite = new Database(file)
  sqlite.exec("UPDATE agents SET agent_name = 'Another' WHERE agent_id = (SELECT min(agent_id) FROM agents)")
  sqlite.close()

  const again = await cli(['move', file, url])
  expect(again).toMatchObject({ code: 1, out: '' })
  expect(again.err).toContain(`${file} has changed since it was moved to postgres://`)
  expect(again.err).toMatch(
    /: agents \(changed\), runs \(2 more\), events of runs \(2 more\), saved views \(1 more\)\. Nothing/,
  )
  const { rows } = await client.query('SELECT count(*)::int AS runs FROM runs')
  expect(rows).toEqual([{ runs: 283 }])
})

test('two files, or two servers, are the wrong command', async () => {
  const files = await cli(['move', 'a.db', 'b.db'])
  expect(files).toMatchObject({ code: 2, err: expect.stringContaining('configurable-agents backup') })
  const servers = await cli(['move', 'postgres://a:secret@a/a', 'postgresql://b/b'])
  expect(servers).toMatchObject({ code: 2, err: expect.stringContaining('pg_dump') })
})
