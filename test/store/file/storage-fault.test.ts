import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { StorageFaultError } from '../../../src/shared/errors.ts'
import { causeOf } from '../../../src/store/sqlite/faults/storage-fault.ts'
import { fillDisk } from '../../support/store/faults.ts'
import { createRunTable, type NewRunRow } from '../../support/store/run-table.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

const newRun = (id: string): NewRunRow => ({ id, workflowName: 'writer', status: 'pending', startedAt: 0 })
/** Longer than a page of the file. */
const largeRun = (id: string): NewRunRow => ({ ...newRun(id), inputs: JSON.stringify('x'.repeat(20_000)) })

function failing(code: string, message = ''): Error {
  return Object.assign(new Error(message), { code })
}

test.each([
  ['SQLITE_FULL', '', 'full', 'storage-full', 507],
  ['SQLITE_IOERR_WRITE', 'disk I/O error', 'disk-error', 'storage-disk-error', 503],
  ['SQLITE_IOERR', 'disk I/O error', 'disk-error', 'storage-disk-error', 503],
  ['SQLITE_READONLY', '', 'read-only', 'storage-read-only', 503],
  ['SQLITE_READONLY_DIRECTORY', '', 'read-only', 'storage-read-only', 503],
  ['SQLITE_CANTOPEN', '', 'read-only', 'storage-read-only', 503],
  ['SQLITE_CORRUPT', '', 'damaged', 'storage-damaged', 503],
  ['SQLITE_NOTADB', '', 'damaged', 'storage-damaged', 503],
  ['SQLITE_ERROR', 'no such table: main.agents', 'incomplete', 'storage-incomplete', 503],
  ['SQLITE_ERROR', 'no such column: agent_id', 'incomplete', 'storage-incomplete', 503],
])('%s "%s" says that the file is at fault: %s', (code, message, kind, name, status) => {
  const cause = causeOf(failing(code, message), '/data/workflows.db')!
  expect(cause.kind).toBe(kind)
  expect(cause.reason).toMatch(/^[A-Z/][^\n]+\.$/)
  expect(cause.reason).not.toContain('workflows')
  expect(cause.reasonForAdmins).toContain('/data/workflows.db')
  expect(new StorageFaultError(cause, 'write')).toMatchObject({ code: name, status })
})

test.each(['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_BUSY', 'SQLITE_ERROR', 'SQLITE_CORRUPT_VTAB', 'ENOENT'])(
  '%s says nothing about the file',
  (code) => {
    expect(causeOf(failing(code, 'near "x": syntax error'), '/data/workflows.db')).toBeUndefined()
  },
)

test('a full disk is known from the first write it refuses, and forgotten when there is room again', async () => {
  const { store, clock, reports } = openTestStore()
  const runs = createRunTable(store)
  expect(store.fault()).toBeUndefined()
  const makeRoom = fillDisk(store)
  await expect(runs.insert(largeRun('a'))).rejects.toMatchObject({
    status: 507,
    message: expect.stringMatching(/^Nothing was saved\. The disk is full: /),
  })
  expect(store.fault()).toMatchObject({ kind: 'full', since: clock.now() })
  let isOver = false
  const over = store.writable().then(() => {
    isOver = true
  })
  await expect(runs.insert(largeRun('b'))).rejects.toBeInstanceOf(StorageFaultError)
  expect(isOver).toBe(false)

  makeRoom()
  await clock.advance(2000)
  await over
  expect(store.fault()).toBeUndefined()
  expect(await runs.insert(largeRun('c'))).toMatchObject({ id: 'c' })
  await clock.advance(10_000)
  expect(reports.map(([change, { kind }]) => `${change} ${kind}`)).toEqual(['begun full', 'ended full'])
  expect(clock.timers()).toBe(0)
})

test.each([
  ['no room', 0, 20_000],
  ['room for a little', 20, 400_000],
])(
  'with %s on the disk, what still fits does not end the fault, until as much fits as failed',
  async (_, pages, size) => {
    const { store, clock, reports } = openTestStore()
    const runs = createRunTable(store)
    const run = (id: string, length: number) =>
      runs.insert({ ...newRun(id), inputs: JSON.stringify('x'.repeat(length)) })
    const makeRoom = fillDisk(store, pages)
    for (let round = 0; round < 20; round++) {
      await expect(run(`large-${round}`, size)).rejects.toBeInstanceOf(StorageFaultError)
      await store.write(() =>
        store.db.$client.prepare("INSERT OR REPLACE INTO dashboard_state VALUES ('a', 'b')").run(),
      )
      if (round < pages / 10) await run(`small-${round}`, 10_000)
      expect(store.fault()).toMatchObject({ kind: 'full' })
      await clock.advance(2000)
      expect(store.fault()).toMatchObject({ kind: 'full' })
    }
    makeRoom()
    await clock.advance(2000)
    expect(store.fault()).toBeUndefined()
    await run('large', size)
    await clock.advance(10_000)
    expect(reports.map(([change, { kind }]) => `${change} ${kind}`)).toEqual(['begun full', 'ended full'])
    const left = store.db.$client.prepare("SELECT count(*) FROM dashboard_state WHERE key = 'room'").pluck().get()
    expect(left).toBe(0)
  },
)

test('a table that another program removed is named until it is back', async () => {
  const { store, path, clock, reports } = openTestStore()
  const other = connect(path)
  const columns = other.prepare("SELECT sql FROM sqlite_schema WHERE name = 'run_keys'").pluck().get() as string
  other.exec('DROP TABLE run_keys')
  const write = () => store.write(() => store.db.$client.exec("DELETE FROM run_keys WHERE key = ''"))
  await expect(write()).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('Nothing was saved. The table run_keys is missing from the database. To use'),
    messageForAdmins: expect.stringContaining(`Nothing was saved. The table run_keys is missing from ${path}. To use`),
  })
  await clock.advance(30_000)
  expect(store.fault()).toMatchObject({ kind: 'incomplete' })
  other.exec(columns)
  await clock.advance(2000)
  expect(store.fault()).toBeUndefined()
  await write()
  expect(reports).toHaveLength(1)
})

test('who only reads is told too, and whether anything can be written is another matter', async () => {
  const { store, clock, reports } = openTestStore()
  const error = failing('SQLITE_IOERR_READ', 'disk I/O error')
  for (let time = 0; time < 5; time++) {
    expect(store.explain(error)).toMatchObject({ status: 503, message: expect.stringMatching(/^The disk reported/) })
    await clock.advance(1000)
  }
  expect(reports.map(([change]) => change)).toEqual(['met'])
  expect(store.fault()).toBeUndefined()
  const others = new Error('Not of the file')
  expect(store.explain(others)).toBe(others)
})

test('a damaged file stays so, whatever else can still be written', async () => {
  const { store, clock } = openTestStore()
  const damaged = store.write(() => {
    throw failing('SQLITE_CORRUPT')
  })
  await expect(damaged).rejects.toMatchObject({ code: 'storage-damaged' })
  await clock.advance(60_000)
  await expect(store.write(() => 1)).rejects.toMatchObject({ code: 'storage-damaged' })
  expect(store.fault()).toMatchObject({ kind: 'damaged' })
})

test('closing does not wait for a fault to end', async () => {
  const { store } = openTestStore()
  fillDisk(store)
  await createRunTable(store)
    .insert(largeRun('a'))
    .catch(() => {})
  const over = store.writable()
  await store.close()
  await over
})

test('a file that was moved away is known without a write, refuses each, and goes on when it is back', async () => {
  const { store, clock, path } = openTestStore()
  renameSync(path, `${path}.old`)
  expect(store.fault()).toMatchObject({ kind: 'moved' })
  await expect(createRunTable(store).insert(newRun('a'))).rejects.toMatchObject({
    status: 503,
    messageForAdmins: expect.stringContaining(
      `Nothing was saved. ${path} was moved or deleted while the dashboard was using it.`,
    ),
  })
  renameSync(`${path}.old`, path)
  expect(await createRunTable(store).insert(newRun('a'))).toMatchObject({ id: 'a' })
  expect(store.fault()).toBeUndefined()
  await clock.advance(2000)
  rmSync(path)
  expect(store.fault()).toMatchObject({ kind: 'moved' })
})

test.each([
  ['another file', (path: string) => writeFileSync(path, '')],
  ['a folder', (path: string) => mkdirSync(path)],
])('with %s in its place nothing is written', async (_what, put) => {
  const { store, path } = openTestStore()
  renameSync(path, `${path}.old`)
  put(path)
  await expect(createRunTable(store).insert(newRun('a'))).rejects.toMatchObject({
    messageForAdmins: `Nothing was saved. ${path} was replaced while the dashboard was using it. Nothing was written to the new file. Restart the dashboard to use it.`,
  })
})
