import { existsSync, statSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { createCheckpoints } from '../../../src/store/sqlite/file/checkpoints.ts'
import { openStore, type Store } from '../../../src/store/sqlite/file/open.ts'
import { createTestClock } from '../../support/clock.ts'
import { startOtherProgram } from '../../support/store/other-program.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

const big = 'x'.repeat(1_000_000)

/** A megabyte, so some 250 pages. */
function writeMuch({ write, db }: Store, times: number): Promise<unknown> {
  const insert = db.$client.prepare(
    "INSERT INTO workflow_runs (id, workflow_name, status, started_at, inputs) VALUES (?, 'w', 's', '', ?)",
  )
  return Promise.all(Array.from({ length: times }, (_, run) => write(() => insert.run(`${Math.random()}-${run}`, big))))
}

const left = ({ db }: Store) => {
  const [{ log, checkpointed }] = db.$client.pragma('wal_checkpoint(NOOP)') as [{ log: number; checkpointed: number }]
  return log - checkpointed
}

test('what was committed is taken into the file without anybody here doing it, when it is much', async () => {
  const { store, path } = openTestStore()
  const before = statSync(path).size
  await writeMuch(store, 4)
  expect(left(store)).toBeGreaterThan(0)
  expect(statSync(path).size).toBe(before)
  for (let round = 0; round < 8; round++) await writeMuch(store, 1)
  await vi.waitFor(() => expect(left(store)).toBe(0), 10_000)
  expect(statSync(path).size).toBeGreaterThan(12_000_000)
})

test('who writes more than the thread can take in is held up until it has', async () => {
  const { store } = openTestStore()
  await writeMuch(store, 30)
  expect(left(store)).toBeGreaterThan(6000)
  await store.checkpointed()
  expect(left(store)).toBe(0)
  await store.checkpointed()
})

test('closing waits for the thread, and leaves one file with all that was written', async () => {
  const path = temporaryFile()
  const store = openStore(path, createTestClock())
  await writeMuch(store, 12)
  await store.close()
  expect(existsSync(`${path}-wal`)).toBe(false)
  expect(connect(path).prepare('SELECT count(*) FROM workflow_runs').pluck().get()).toBe(12)
})

test('a checkpoint is no change', async () => {
  const { store } = openTestStore()
  await writeMuch(store, 12)
  const before = store.revision()
  await vi.waitFor(() => expect(left(store)).toBe(0), 10_000)
  expect(store.revision()).toBe(before)
})

test('where the thread cannot do it, SQLite does, until the thread can', async () => {
  const pragma = vi.fn()
  const prepare = () => ({ get: () => ({ log: 10_000, checkpointed: 0 }) })
  const name = `${temporaryFile()}-is-missing`
  const checkpoints = createCheckpoints({ name, pragma, prepare } as unknown as Store['db']['$client'])
  checkpoints.consider()
  await checkpoints.caughtUp()
  expect(pragma.mock.lastCall).toEqual(['wal_autocheckpoint = 2000'])
  const sqlite = connect(name)
  sqlite.pragma('journal_mode = WAL')
  sqlite.exec('CREATE TABLE t (a)')
  for (let commit = 0; commit < 101; commit++) checkpoints.consider()
  await checkpoints.caughtUp()
  expect(pragma.mock.lastCall).toEqual(['wal_autocheckpoint = 20000'])
  const [{ log, checkpointed }] = sqlite.pragma('wal_checkpoint(NOOP)') as [{ log: number; checkpointed: number }]
  expect(checkpointed).toBe(log)
  await checkpoints.close()
})

test('a log that had to grow while somebody read is cut down when that has ended, and warned of once', async () => {
  const { store, path } = openTestStore()
  const long: number[] = []
  const checkpoints = createCheckpoints(store.db.$client, (bytes) => long.push(bytes), 20_000_000)
  const size = () => statSync(`${path}-wal`).size
  const reader = startOtherProgram()
  await reader.sql(path, 'BEGIN; SELECT count(*) FROM workflow_runs')
  for (let round = 0; round < 4; round++) {
    await writeMuch(store, 20)
    checkpoints.consider()
    await checkpoints.caughtUp()
  }
  expect(size()).toBeGreaterThan(80_000_000)
  expect(long).toHaveLength(1)

  await reader.sql(path, 'COMMIT')
  await writeMuch(store, 1)
  checkpoints.consider()
  await vi.waitFor(() => expect(size()).toBeLessThan(70_000_000), 10_000)
  await checkpoints.close()
})
