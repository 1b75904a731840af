import { describe, expect, test } from 'vitest'
import type { Store } from '../../../src/store/sqlite/file/open.ts'
import { createSearchIndex } from '../../../src/store/sqlite/history/search-index.ts'
import { insertRuns, type StoredRun } from '../../support/runs/runs.ts'
import { expectSearchOfAll, takeInAll } from '../../support/store/run-index.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

async function searchable(...runs: StoredRun[]) {
  const { store, path } = openTestStore()
  await insertRuns({ db: path }, runs)
  await takeInAll(store)
  return { store, path, python: connect(path), found: (match: string) => found(store, match) }
}

/** The runs that FTS5 finds, newest first. */
function found({ db }: Store, match: string): unknown[] {
  return db.$client
    .prepare(
      `SELECT run_id FROM run_search JOIN run_index ON run_index.seq = run_search.rowid
       WHERE run_search MATCH ? ORDER BY run_search.rowid DESC`,
    )
    .pluck()
    .all(match)
}

describe('the words of a run', () => {
  test('are those of its inputs, its outputs and its error, each by itself', async () => {
    const { found } = await searchable(
      { inputs: '{"topic":"red fox"}' },
      { outputs: '{"result":["a fox",12.5,true]}' },
      { error_message: 'The fox is gone' },
    )
    expect(found('fox')).toEqual(['run-2', 'run-1', 'run-0'])
    expect(found('inputs : fox')).toEqual(['run-0'])
    expect(found('outputs : fox AND 12 AND true')).toEqual(['run-1'])
    expect(found('error : gone')).toEqual(['run-2'])
  })

  test('are values, and not the names that these stand under nor how JSON writes them', async () => {
    const { found } = await searchable({ inputs: '{"topic":"line\\nbreak \\u00fcber","n":null}' })
    expect(found('topic')).toEqual([])
    expect(found('nbreak')).toEqual([])
    expect(found('null')).toEqual([])
    expect(found('break AND uber')).toEqual(['run-0'])
  })

  test('are found in what the Python program left behind too, whatever that is', async () => {
    const { found } = await searchable(
      { inputs: `{'topic': "AI's", 'x': None}`, outputs: '{"score": NaN, "word": "seven"}' },
      { inputs: '{"broken', outputs: 12 },
    )
    expect(found('ai')).toEqual(['run-0'])
    expect(found('seven')).toEqual(['run-0'])
    expect(found('broken AND 12')).toEqual(['run-1'])
  })

  test('follow when the run is changed, replaced or removed, by whomever', async () => {
    const { store, python, found } = await searchable({ inputs: '"one"' }, { inputs: '"one"' }, { inputs: '"one"' })
    python.exec(`UPDATE workflow_runs SET outputs = '"two"' WHERE id = 'run-0'; DELETE FROM workflow_runs WHERE id = 'run-1';
      INSERT OR REPLACE INTO workflow_runs (id, workflow_name, status, started_at, inputs) VALUES ('run-2', 'w', 's', 'None', '"three"')`)
    await takeInAll(store)
    expect(found('one')).toEqual(['run-0'])
    expect(found('two')).toEqual(['run-0'])
    expect(found('three')).toEqual(['run-2'])
  })

  test('are not taken in again for a change of something else', async () => {
    const { store, python } = await searchable({ inputs: '"one"' })
    python.exec("UPDATE workflow_runs SET status = 'failed', inputs = inputs, duration_seconds = 2")
    expect(createSearchIndex(store, () => 0).isBehind()).toBe(false)
  })
})

describe('what waits to be taken in', () => {
  const many = Array.from({ length: 600 }, (_, run) => ({ inputs: `"word${run} and more"`, outputs: '"the same"' }))

  test('is counted, and taken in from the newest on', async () => {
    const { store, path } = openTestStore()
    await insertRuns({ db: path }, many)
    const search = createSearchIndex(store, () => 0, { stepMs: 1, maxText: 1000, pagesAtOnce: 8 })
    expect(search.isBehind()).toBe(true)
    expect([search.waiting(10_000), search.waiting(100)]).toEqual([600, 100])
    await search.step()
    const taken = 600 - search.waiting(10_000)
    expect(taken).toBeGreaterThan(1)
    expect(taken).toBeLessThan(10)
    expect(found(store, 'same')).toEqual(Array.from({ length: taken }, (_, run) => `run-${599 - run}`))
  })

  test('takes no more than its time, and as much as there is at least one run', async () => {
    const { store, path } = openTestStore()
    await insertRuns({ db: path }, many)
    let now = 0
    const search = createSearchIndex(store, () => now++)
    await search.step()
    expect(600 - search.waiting(10_000)).toBeGreaterThan(0)
    expect(600 - search.waiting(10_000)).toBeLessThan(10)
    const slow = createSearchIndex(store, () => (now += 1000))
    const before = search.waiting(10_000)
    await slow.step()
    expect(search.waiting(10_000)).toBe(before - 1)
  })

  test('goes on waiting when its time is over though it was read', async () => {
    const { store, path } = openTestStore()
    await insertRuns({ db: path }, many)
    let looks = 0
    // Time stands still while they are read, and then jumps.
    const search = createSearchIndex(store, () => (looks++ < 450 ? 0 : 1000))
    await search.step()
    const waiting = search.waiting(10_000)
    expect(waiting).toBeGreaterThan(500)
    expect(waiting).toBeLessThan(600)
    await takeInAll(store)
    expectSearchOfAll(connect(path))
  })

  test('is found the same while segments are merged, a little at a time', async () => {
    const { store, path } = openTestStore()
    const wordy = (run: number) => Array.from({ length: 200 }, (_, word) => `w${run * 200 + word}`).join(' ')
    await insertRuns(
      { db: path },
      Array.from({ length: 200 }, (_, run) => ({ inputs: `"the same ${wordy(run)}"` })),
    )
    const search = createSearchIndex(store, () => 0, { stepMs: 1, maxText: 1, pagesAtOnce: 8 })
    const segments = connect(path).prepare('SELECT count(DISTINCT segid) FROM run_search_idx').pluck()
    while (search.isBehind()) await search.step()
    // FTS5 itself has merged none of them.
    expect(segments.get()).toBe(200)
    let now = 0
    const hurried = createSearchIndex(store, () => now++, { stepMs: 2, maxText: 1, pagesAtOnce: 8 })
    let merges = 0
    while (await hurried.merge()) {
      merges++
      if (merges % 4 === 0) expect(found(store, 'same')).toHaveLength(200)
    }
    expect(merges).toBeGreaterThan(8)
    expect(segments.get()).toBe(1)
    expectSearchOfAll(connect(path))
  })
})

test('the words of a run that was removed are gone from the file when its segment is merged', async () => {
  const { store, python } = await searchable(...Array.from({ length: 40 }, () => ({ inputs: '"secretword"' })))
  python.exec('DELETE FROM workflow_runs')
  await takeInAll(store)
  await insertRuns({ db: store.path }, [{ id: 'another' }])
  await takeInAll(store)
  const blocks = python.prepare('SELECT block FROM run_search_data').pluck().all() as Buffer[]
  expect(blocks.filter((block) => block.includes('secretword'))).toEqual([])
})

describe('an index that was made by another tokenizer', () => {
  /** A file as the version before left it: its words, and none of what came later. */
  async function older() {
    const { store, path } = openTestStore()
    await insertRuns({ db: path }, [
      { inputs: '"客户要求退款，"' },
      { outputs: '"Straße"' },
      { error_message: 'zebra' },
    ])
    await takeInAll(store)
    await store.close()
    const file = connect(path)
    file.exec(`DROP TABLE run_search; DROP TABLE run_search_long; DROP INDEX ix_run_index_tokens;
      CREATE VIRTUAL TABLE run_search USING fts5(inputs, outputs, error, content = '', contentless_delete = 1,
        detail = column, tokenize = 'unicode61 remove_diacritics 2');
      INSERT INTO run_search (rowid, outputs) SELECT seq, 'older' FROM run_index;
      DELETE FROM dashboard_state WHERE key = 'search_words';
      DELETE FROM __drizzle_migrations WHERE id > 1`)
    file.close()
    return path
  }

  test('is made anew in the background, and once', async () => {
    const { store, path } = openTestStore(await older())
    const search = createSearchIndex(store, () => 0)
    search.begin()
    expect(search.waiting(100)).toBe(3)
    await search.step()
    // What began is not begun again.
    search.begin()
    while (search.isBehind()) await search.step()
    search.begin()
    expect(search.waiting(100)).toBe(0)
    expect(found(store, '退款 OR strasse OR zebra')).toEqual(['run-2', 'run-1', 'run-0'])
    expect(found(store, 'older')).toEqual([])
    expectSearchOfAll(connect(path))
  })

  test('is empty until then, so that no search has to pass over what stood in it', async () => {
    const { store, python, found } = await searchable({ inputs: '"one"' }, { inputs: '"one two"' })
    python.exec("UPDATE dashboard_state SET value = '1' WHERE key = 'search_words'")
    const search = createSearchIndex(store, () => 0)
    search.begin()
    expect(store.db.$client.prepare("SELECT rowid FROM run_search WHERE run_search MATCH 'one'").all()).toEqual([])
    await takeInAll(store)
    expect(found('one')).toEqual(['run-1', 'run-0'])
    expect(found('two')).toEqual(['run-1'])
  })

  test('waits for the next start while another program writes', async () => {
    const { store, path } = openTestStore(await older())
    const other = connect(path)
    other.exec('BEGIN IMMEDIATE')
    const search = createSearchIndex(store, () => 0)
    search.begin()
    expect(search.isBehind()).toBe(false)
    other.exec('ROLLBACK')
    search.begin()
    expect(search.waiting(100)).toBe(3)
  })
})

test('a run that is too long for it is kept apart until it is shorter, or gone', async () => {
  const long = JSON.stringify(`${'word '.repeat(40_000)} late`)
  const { store, python, found } = await searchable({ inputs: long }, { inputs: '"late"' }, { outputs: long })
  const apart = python.prepare(
    'SELECT run_id FROM run_search_long JOIN run_index ON run_index.seq = run_search_long.seq ORDER BY 1',
  )
  expect(apart.pluck().all()).toEqual(['run-0', 'run-2'])
  expect(found('late OR word')).toEqual(['run-1'])
  python.exec(
    `UPDATE workflow_runs SET inputs = '"late too"' WHERE id = 'run-0'; DELETE FROM workflow_runs WHERE id = 'run-2'`,
  )
  await takeInAll(store)
  expect(apart.all()).toEqual([])
  expect(python.prepare('SELECT count(*) FROM run_search_long').pluck().get()).toBe(0)
  expect(found('late')).toEqual(['run-1', 'run-0'])
})
