import { chmodSync, linkSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { StoreOpenError } from '../../../src/shared/errors.ts'
import { lockInode } from '../../../src/store/sqlite/file/lock.ts'
import { openStore } from '../../../src/store/sqlite/file/open.ts'
import { createTestClock } from '../../support/clock.ts'
import { startOtherProgram } from '../../support/store/other-program.ts'
import { insertRunAsPython, pythonRuns } from '../../support/store/python-database.ts'
import { createRunTable } from '../../support/store/run-table.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

const sentence = (path: string) =>
  `Another dashboard is already running on ${path}. Use that one, or start this one with another --db file.`

describe('a second dashboard on the same file', () => {
  test('is refused, and the first goes on', async () => {
    const { store, path } = openTestStore()
    expect(() => openStore(path, createTestClock())).toThrow(new StoreOpenError(sentence(path)))
    expect(await store.write(() => 1)).toBe(1)
    expect(() => openStore(path, createTestClock())).toThrow(StoreOpenError)
  })

  test('may start when the first was closed', async () => {
    const { store, path } = openTestStore()
    await store.close()
    expect(await openTestStore(path).store.write(() => 1)).toBe(1)
  })

  test('is refused in another process too, until the first is killed', async () => {
    const path = temporaryFile()
    const first = startOtherProgram()
    await first.openDashboard(path)
    expect(() => openStore(path, createTestClock())).toThrow(new StoreOpenError(sentence(path)))

    await first.kill()
    const { store } = openTestStore(path)
    expect(await store.write(() => 1)).toBe(1)
    await expect(startOtherProgram().openDashboard(path)).rejects.toThrow(sentence(path))
  })

  test('may start on another file', () => {
    expect(openTestStore().path).not.toBe(openTestStore().path)
  })
})

test('a hard link does not admit a second one, in this process or another', async () => {
  const { store, path } = openTestStore()
  const link = temporaryFile('link.db')
  linkSync(path, link)
  expect(() => openStore(link, createTestClock())).toThrow(new StoreOpenError(sentence(link)))
  await expect(startOtherProgram().openDashboard(link)).rejects.toThrow(sentence(link))
  expect(readdirSync(dirname(link))).toEqual(['link.db'])
  await store.close()
  expect(await openTestStore(link).store.write(() => 1)).toBe(1)
})

test('a link in place of the lock of the file itself is not followed', () => {
  const { path } = openTestStore()
  const theirs = temporaryFile('theirs.txt')
  writeFileSync(theirs, 'mine')
  const other = temporaryFile()
  linkSync(path, other)
  const { dev, ino } = statSync(other)
  const lock = join(tmpdir(), `configurable-agents-${dev}.${ino}.lock`)
  rmSync(lock)
  symlinkSync(theirs, lock)
  lockInode(other)()
  expect(readFileSync(theirs, 'utf8')).toBe('mine')
})

test('a lock file that was never finished is no obstacle', async () => {
  const path = temporaryFile()
  for (const broken of ['', '\0'.repeat(4096), 'SQLite format 3\0'.repeat(300)]) {
    writeFileSync(`${path}.lock`, broken)
    const store = openStore(path, createTestClock())
    expect(await store.write(() => 1)).toBe(1)
    await store.close()
  }
})

test("another program's file in place of the lock is left as it is, and named", () => {
  const path = temporaryFile()
  for (const theirs of ['4711\n', '{"pid": 4711}', 'x']) {
    writeFileSync(`${path}.lock`, theirs)
    expect(() => openStore(path, createTestClock())).toThrow(
      `${path}.lock belongs to another program. Move it away, or use another --db file.`,
    )
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe(theirs)
  }
})

test('what is made is for this user alone, and what is there keeps its mode', async () => {
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
  const { path } = openTestStore()
  for (const end of ['', '-wal', '-shm', '.lock']) expect(`${end} ${mode(path + end)}`).toBe(`${end} 600`)

  const theirs = temporaryFile()
  writeFileSync(theirs, '', { mode: 0o640 })
  chmodSync(theirs, 0o664)
  openTestStore(theirs)
  // SQLite gives the log the mode of the file: whoever may use the one needs the other.
  for (const end of ['', '-wal', '-shm']) expect(`${end} ${mode(theirs + end)}`).toBe(`${end} 664`)
  expect(mode(`${theirs}.lock`)).toBe('600')
})

test('the Python program is not shut out', async () => {
  const { store, path } = openTestStore()
  const python = startOtherProgram()
  await python.sql(path, `UPDATE workflow_runs SET status = 'failed'`)
  insertRunAsPython(connect(path), pythonRuns[0]!)
  expect(createRunTable(store).get('repr')).toMatchObject({ status: 'completed' })
})

test('a start that failed leaves the file to the next', async () => {
  const path = temporaryFile()
  const broken = connect(path)
  broken.exec('CREATE VIEW workflow_runs AS SELECT 1')
  expect(() => openStore(path, createTestClock())).toThrow()
  broken.exec('DROP VIEW workflow_runs')
  expect(await openTestStore(path).store.write(() => 1)).toBe(1)
})
