import { cpSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRunIndex } from '../../../src/store/sqlite/history/filling.ts'
import { fromDatetime, toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { createPythonDatabase, insertRunAsPython, pythonRuns } from '../../support/store/python-database.ts'
import { expectIndexOfAll, expectSums, takeInAll } from '../../support/store/run-index.ts'
import { createRunTable } from '../../support/store/run-table.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

function pythonFile(): string {
  const path = temporaryFile()
  createPythonDatabase(path)
  return path
}

describe('a run in the index', () => {
  test('stands there as soon as anybody has written it, and goes with it', async () => {
    const { store, path } = openTestStore()
    const runs = createRunTable(store)
    const python = connect(path)
    await runs.insert({ id: 'ours', workflowName: 'writer', agentId: 'writer', status: 'pending', startedAt: at })
    insertRunAsPython(python, { ...pythonRuns[0]!, id: 'theirs' })
    await store.runs.change('ours', () => ({ change: { status: 'failed' }, event: { kind: 'failed', attempt: 1, at } }))
    const entries = python.prepare('SELECT run_id, status FROM run_index ORDER BY seq')
    expect(entries.raw().all()).toEqual([
      ['theirs', 'completed'],
      ['ours', 'failed'],
    ])
    python.exec(
      "UPDATE workflow_runs SET status = 'failed' WHERE id = 'theirs'; DELETE FROM workflow_runs WHERE id = 'ours'",
    )
    expect(entries.all()).toEqual([['theirs', 'failed']])
    expectSums(python)
  })

  test('has the beginning of what went wrong, and of numbers only those that are some', async () => {
    const { path } = openTestStore()
    await insertRuns({ db: path }, [
      { id: 'a', error_message: 'x'.repeat(1000), duration_seconds: 'long', total_tokens: 12.7, total_cost_usd: 1e300 },
    ])
    expect(connect(path).prepare('SELECT error, duration, tokens, cost FROM run_index').get()).toEqual({
      error: 'x'.repeat(200),
      duration: null,
      tokens: 12,
      cost: null,
    })
  })

  test('stands there once, however often another program replaces it', () => {
    const { path } = openTestStore()
    const python = connect(path)
    const replace = python.prepare(
      "INSERT OR REPLACE INTO workflow_runs (id, workflow_name, status, started_at) VALUES (?, 'w', ?, ?)",
    )
    for (let round = 0; round < 5; round++) {
      replace.run('a', `round ${round}`, toDatetime(at + (round % 2)))
      replace.run('b', `round ${round}`, toDatetime(at))
      expectIndexOfAll(python)
      expectSums(python)
    }
    python.exec("UPDATE OR REPLACE workflow_runs SET id = 'b' WHERE id = 'a'")
    expectIndexOfAll(python)
    expectSums(python)
  })
})

describe('a place in the index', () => {
  /** The milliseconds of the places of runs that started at these moments. */
  function placed(moments: unknown[]): number[] {
    const { path } = openTestStore()
    const python = connect(path)
    const insert = python.prepare(
      "INSERT INTO workflow_runs (id, workflow_name, status, started_at) VALUES (?, 'w', 'completed', ?)",
    )
    python.transaction(() => {
      for (const [index, moment] of moments.entries()) insert.run(`run-${index}`, moment)
    })()
    const place = python.prepare('SELECT seq FROM run_index WHERE run_id = ?').pluck()
    return moments.map((_, index) => Math.floor((place.get(`run-${index}`) as number) / 4096))
  }

  test.each([
    ['2026-11-22 16:14:30', at - 57],
    ['2026-11-22T16:14:30', at - 57],
    ['2026-11-22 16:14:30.057', at],
    ['2026-11-22 16:14:30.057758', at],
    ['2026-11-22T16:14:30.057999', at],
    ['2026-11-22 16:14:30.05', at - 7],
    ['2026-11-22T16:14:30.057Z', at],
    ['2026-11-22T18:14:30.057+02:00', at],
    ['2026-11-22 11:14:30.057-0500', at],
    ['2026-11-22 16:14:30+00:00', at - 57],
    [' 2026-11-22 16:14:30.057\n', at],
  ])('is found by the moment in any layout: %j', (text, expected) => expect(placed([text])).toEqual([expected]))

  test.each([
    '',
    'None',
    '2026-11-22',
    '16:14:30',
    '2026-13-22 16:14:30',
    '2026-11-22 25:14:30',
    'now',
    1795363270,
    '1969-01-01 00:00:00',
  ])('is the oldest for what is no moment: %j', (text) => expect(placed([text])).toEqual([0]))

  test('is that of the moment which the list shows, whatever it is', () => {
    const two = (most: number) => fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, '0'))
    const day = fc.date({ min: new Date(0), max: new Date(Date.UTC(2038, 0)), noInvalidDate: true })
    const fraction = fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,9}$/))
    const zone = fc.oneof(
      fc.constantFrom('', '', 'Z'),
      fc.tuple(fc.constantFrom('+', '-'), two(14), fc.constantFrom('', ':'), two(59)).map((parts) => parts.join('')),
    )
    const moment = fc
      .tuple(day, fc.constantFrom(' ', 'T'), two(23), two(59), two(59), fraction, zone)
      .map(([date, t, h, m, s, f, z]) => `${date.toISOString().slice(0, 10)}${t}${h}:${m}:${s}${f}${z}`)
    const moments = fc.sample(moment, 2000)
    expect(placed(moments)).toEqual(moments.map((text) => Math.max(0, fromDatetime(text))))
  })

  test('is of its own for each of ten thousand runs of one moment, after which others find theirs', () => {
    const { path } = openTestStore()
    const python = connect(path)
    const insert = python.prepare(
      "INSERT INTO workflow_runs (id, workflow_name, status, started_at) VALUES (?, 'w', 'completed', ?)",
    )
    python.transaction(() => {
      for (let run = 0; run < 10_000; run++) insert.run(`run-${run}`, toDatetime(at))
      for (const later of [0, 1, 2, 3]) insert.run(`later-${later}`, toDatetime(at + later))
    })()
    expectIndexOfAll(python)
    const order = python.prepare("SELECT run_id FROM run_index WHERE run_id LIKE 'run-%' ORDER BY seq").pluck().all()
    expect(order).toEqual(Array.from({ length: 10_000 }, (_, run) => `run-${run}`))
  })
})

describe('rows that were there before', () => {
  const slowly = { stepMs: 1, maxRows: 1 }

  /** A file of Python's with `count` more runs. */
  function longFile(count: number): string {
    const path = pythonFile()
    const python = connect(path)
    const row = pythonRuns[3]!
    python.transaction(() => {
      for (let run = 0; run < count; run++) insertRunAsPython(python, { ...row, id: `run-${run}` })
    })()
    return path
  }

  test('are taken in from the newest to the oldest, and it is told how far', async () => {
    const { store, path } = openTestStore(longFile(40))
    const index = createRunIndex(store, () => 0, slowly)
    const seen = connect(path).prepare('SELECT group_concat(run_id) FROM run_index').pluck()
    expect(index.progress()).toEqual({ done: 0, total: 46 })
    expect(seen.get()).toBeNull()
    await index.step()
    expect(index.progress()).toEqual({ done: 16, total: 46 })
    expect(seen.get()).toBe(Array.from({ length: 16 }, (_, run) => `run-${24 + run}`).join())
    while (index.progress()) await index.step()
    expectIndexOfAll(connect(path))
    expectSums(connect(path))
  })

  test('are taken in as they are by then: changed, replaced, removed or under another number', async () => {
    const { store, path } = openTestStore(longFile(20))
    const index = createRunIndex(store, () => 0, slowly)
    const python = connect(path)
    await index.step()
    python.exec(`UPDATE workflow_runs SET status = 'failed' WHERE id IN ('run-1', 'run-19');
      DELETE FROM workflow_runs WHERE id IN ('run-2', 'run-18', 'repr');
      INSERT OR REPLACE INTO workflow_runs (id, workflow_name, status, started_at) VALUES ('run-3', 'w', 'new', '2026-11-22 16:14:30');
      UPDATE workflow_runs SET started_at = '2026-11-23 00:00:00' WHERE id = 'run-4'; VACUUM`)
    await index.step()
    while (index.progress()) await index.step()
    expectIndexOfAll(python)
    expectSums(python)
  })

  test('are taken in to the end by the next start when the program is killed at any point', async () => {
    let path = longFile(60)
    let steps = 0
    for (; ; steps++) {
      const { store } = openTestStore(path)
      const index = createRunIndex(store, () => 0, slowly)
      if (index.progress() === undefined) break
      await index.step()
      // As after a kill: nothing was closed, and what was committed last stands in the log alone.
      const next = temporaryFile()
      for (const suffix of ['', '-wal']) cpSync(path + suffix, next + suffix)
      path = next
    }
    expect(steps).toBe(5)
    expectIndexOfAll(connect(path))
    expectSums(connect(path))
  })

  test('take no more than their time in one step', async () => {
    const { store } = openTestStore(longFile(200))
    let now = 0
    const index = createRunIndex(store, () => now++)
    await index.step()
    expect(index.progress()!.done).toBeGreaterThan(0)
    expect(index.progress()!.done).toBeLessThan(100)
  })

  test('are none in a file that has none', async () => {
    const { store } = openTestStore()
    expect(createRunIndex(store, () => 0).progress()).toBeUndefined()
    await takeInAll(store)
  })

  test('are not read while a file is opened, nor indexed where they stand', () => {
    const { path } = openTestStore(longFile(20))
    const indexes = connect(path).pragma('index_list(workflow_runs)') as { origin: string }[]
    expect(indexes.map(({ origin }) => origin)).toEqual(['pk'])
  })
})

test('a file with the indexes that earlier versions made is rid of them', () => {
  const path = pythonFile()
  const python = connect(path)
  python.exec('CREATE INDEX ix_workflow_runs_started ON workflow_runs (started_at, id)')
  openTestStore(path)
  expect(python.pragma('index_list(workflow_runs)')).toHaveLength(1)
})

test('what runs inside of the Python program asks nothing of its SQLite that one of 2020 does not have', () => {
  const { path } = openTestStore()
  const hooks = connect(path)
    .prepare("SELECT sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND name NOT LIKE 'run_search%'")
    .pluck()
    .all()
    .map((sql) => String(sql).replace(/--.*$/gm, ''))
  expect(hooks.length).toBeGreaterThan(8)
  for (const sql of hooks) {
    // FTS5 and JSON1 may be missing; the rest came after 3.31.
    expect(sql).not.toMatch(
      /\brun_search\b|json|->|RETURNING|unixepoch|subsec|iif\s*\(|MATERIALIZED|UPDATE\b[^;]*\bFROM\s+\w+\s*;/i,
    )
    // What another program says of conflicts holds inside of triggers too: nothing may count on another way.
    expect(sql).not.toMatch(/\b(INSERT|UPDATE) OR\b/i)
    expect(sql).not.toMatch(/ON CONFLICT\s+DO/i)
  }
})
