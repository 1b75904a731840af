import { expect, test } from 'vitest'
import { createHousekeeping } from '../../src/orchestrator/system/retention.ts'
import { expectOnly, insertPast, type PastRun } from '../support/history/history.ts'
import { insertStates } from '../support/runs/states.ts'
import { createPythonDatabase } from '../support/store/python-database.ts'
import { createRunTable } from '../support/store/run-table.ts'
import { connect, openTestStore } from '../support/store/store.ts'
import { temporaryFile } from '../support/temporary.ts'

const dayMs = 86_400_000
const newestOnly = { keepDays: 1, keepRuns: 1, keepFailedDays: 1 }

function open(runs: PastRun[] = [], path?: string) {
  const { store, clock, path: db } = openTestStore(path)
  insertPast({ db }, runs)
  let isHistoryRead = true
  const housekeeping = createHousekeeping({
    store,
    clock,
    rule: newestOnly,
    isHistoryRead: async () => isHistoryRead,
    onError: (error) => console.error(error),
  })
  const sqlite = connect(db)
  return {
    store,
    clock,
    db,
    sqlite,
    housekeeping,
    setHistoryRead: (isRead: boolean) => {
      isHistoryRead = isRead
    },
    all: (sql: string) => sqlite.prepare(sql).pluck().all(),
    /** Lets time pass, a little at once, until something is so. */
    async until(isSo: () => boolean | Promise<boolean>) {
      while (!(await isSo())) await clock.advance(20)
    },
  }
}

/** Old runs, each a second after the one before. */
const old = (count: number, more: Partial<PastRun> = {}): PastRun[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `run-${index}`,
    startedAt: Date.UTC(2026, 8, 1) + index * 1000,
    ...more,
  }))

test('a wall clock that is set forward makes no run older', async () => {
  const { clock, db, housekeeping } = open()
  const now = clock.now()
  insertPast({ db }, [
    { id: 'newest', startedAt: now },
    { id: 'young', startedAt: now - dayMs / 2 },
    { id: 'old', startedAt: now - 2 * dayMs },
  ])
  clock.jump(5 * 365 * dayMs)
  housekeeping.start()
  await clock.advance(2 * 60_000)
  expectOnly(db, ['newest', 'young'], expect)
  await clock.advance(dayMs / 2)
  expectOnly(db, ['newest'], expect)
  await housekeeping.stop()
})

test('nothing goes while the history is still being read', async () => {
  const { clock, db, housekeeping, setHistoryRead, until } = open(old(3))
  setHistoryRead(false)
  housekeeping.start()
  await clock.advance(5000)
  expectOnly(db, ['run-0', 'run-1', 'run-2'], expect)
  expect((await housekeeping.retention()).due).toBeUndefined()
  setHistoryRead(true)
  await until(async () => (await housekeeping.retention()).deleted.runs === 2)
  expectOnly(db, ['run-2'], expect)
  await housekeeping.stop()
})

test('a run of Python’s goes when its states are known, and they go with it', async () => {
  const path = temporaryFile()
  createPythonDatabase(path)
  await insertStates(
    { db: path },
    Array.from({ length: 700 }, () => ({ run: 'repr', data: '{}' })),
  )
  const { clock, housekeeping, until, all } = open([], path)
  // Triggers do not know of what stood there before; the colleague who reads that is not asked here.
  const sqlite = connect(path)
  sqlite.exec('INSERT INTO run_entries SELECT * FROM run_entries ORDER BY position')
  await clock.leap(10 * dayMs)
  housekeeping.start()
  await until(async () => {
    const { due, deleted } = await housekeeping.retention()
    return deleted.runs > 0 && due === 0
  })
  expect(all('SELECT id FROM workflow_runs ORDER BY id')).toEqual(['agent-running', 'running'])
  expect(all('SELECT count(*) FROM execution_states')).toEqual([0])
  await housekeeping.stop()
})

test('many go in many steps; who shows the history hears of it now and then, and when they are gone', async () => {
  const { store, clock, db, housekeeping, until } = open(old(3001))
  housekeeping.start()
  let revision = store.revision()
  let announced = 0
  let steps = 0
  for (let left = 3001; left > 1; ) {
    await clock.advance(20)
    const { due, deleted } = await housekeeping.retention()
    const now = 3001 - deleted.runs
    expect(due ?? 3000).toBe(3000 - deleted.runs)
    if (now !== left) steps++
    left = now
    if (store.revision() !== revision) announced++
    revision = store.revision()
  }
  expect(steps).toBeGreaterThan(50)
  expect(announced).toBeLessThan(steps / 10)
  // Now the last step is told.
  await until(() => store.revision() !== revision)
  expectOnly(db, ['run-3000'], expect)
  await housekeeping.stop()
})

test('what becomes due later goes later', async () => {
  const { clock, db, housekeeping, until } = open([
    { id: 'today', startedAt: Date.UTC(2026, 10, 22, 16) },
    { id: 'newest', startedAt: Date.UTC(2026, 10, 22, 16, 1) },
  ])
  housekeeping.start()
  await clock.advance(1000)
  expect(await housekeeping.retention()).toMatchObject({
    due: 0,
    deleted: { runs: 0, firstAt: undefined, lastAt: undefined },
  })
  await clock.leap(dayMs)
  await until(async () => (await housekeeping.retention()).deleted.runs === 1)
  const { firstAt, lastAt } = (await housekeeping.retention()).deleted
  expect(firstAt).toBe(lastAt)
  expect(firstAt).toBeGreaterThan(clock.now() - 60_000)
  expectOnly(db, ['newest'], expect)
  await housekeeping.stop()
})

test('how many have gone is remembered by the file', async () => {
  const first = open(old(4))
  first.housekeeping.start()
  await first.until(async () => {
    const { due, deleted } = await first.housekeeping.retention()
    return due === 0 && deleted.runs === 3
  })
  await first.housekeeping.stop()
  await first.store.close()
  const second = open([], first.db)
  expect((await second.housekeeping.retention()).deleted.runs).toBe(3)
})

test('keys go when a day has passed, whatever becomes of their runs', async () => {
  const { clock, housekeeping, until, all } = open([{ id: 'one', startedAt: Date.UTC(2026, 10, 22, 16) }])
  housekeeping.start()
  await clock.advance(1000)
  expect(all('SELECT key FROM run_keys')).toEqual(['key of one'])
  await clock.leap(dayMs)
  await until(() => all('SELECT key FROM run_keys').length === 0)
  expect(all('SELECT id FROM workflow_runs')).toEqual(['one'])
  await housekeeping.stop()
})

test('events and exchanges of runs that are gone go', async () => {
  const { sqlite, housekeeping, until, all } = open([{ id: 'one', startedAt: Date.UTC(2026, 10, 22, 16) }])
  sqlite.exec(`
    WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 500)
    INSERT INTO run_events (run_id, at, kind, attempt) SELECT 'gone-' || n, '', 'accepted', 0 FROM many;
    INSERT INTO run_exchanges (run_id, attempt, at, method, url, duration_ms, request_headers)
      SELECT run_id, 0, '', '', '', 0, '' FROM run_events WHERE run_id LIKE 'gone%';
    INSERT INTO run_events (run_id, at, kind, attempt) VALUES ('one', '', 'completed', 1)`)
  housekeeping.start()
  await until(() => all("SELECT 1 FROM run_exchanges WHERE run_id LIKE 'gone%'").length === 0)
  expect(all('SELECT kind FROM run_events')).toEqual(['accepted', 'completed', 'completed'])
  expect(all('SELECT run_id FROM run_exchanges')).toEqual(['one'])
  await housekeeping.stop()
})

test('schemas go that no run names any more, and no others', async () => {
  const runs = Array.from({ length: 350 }, (_, index) => ({
    id: `run-${index}`,
    startedAt: Date.UTC(2026, 10, 22, 10) + index * 1000,
    agent: ['first', 'second'][Number(index > 2)]!,
  }))
  const { sqlite, store, housekeeping, clock, until, all } = open(runs)
  const hashes = ['hash of first', 'hash of second', 'new', ...Array.from({ length: 25 }, (_, n) => `unused ${n}`)]
  const insert = sqlite.prepare('INSERT INTO input_schemas VALUES (?, ?)')
  for (const hash of hashes) insert.run(hash, '{}')
  housekeeping.start()
  const schemas = () => all('SELECT hash FROM input_schemas ORDER BY rowid')
  // While it looks, a run is accepted that names a schema that none has named so far.
  await clock.advance(100)
  const row = {
    id: 'late',
    workflowName: 'w',
    agentId: 'w',
    status: 'completed',
    startedAt: clock.now(),
    schemaHash: 'new',
  }
  await createRunTable(store).insert(row)
  expect(schemas()).toEqual(hashes)
  await until(() => schemas().length < 4)
  await clock.advance(1000)
  expect(schemas()).toEqual(['hash of first', 'hash of second', 'new'])
  await housekeeping.stop()
})
