import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { BackupError } from '../../../src/shared/errors.ts'
import { backUp, unfinishedBackup } from '../../../src/store/sqlite/copies/backup.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { createPythonDatabase, rowsOf } from '../../support/store/python-database.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

/** Every value of every row of every table, in the order of rowids where those mean something. */
function contents(path: string): unknown {
  const sqlite = connect(path)
  const tables = sqlite.prepare("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
  return Object.fromEntries(
    (tables.all() as { name: string; wr: number }[])
      .filter(({ name, wr }) => wr === 0 && !name.startsWith('sqlite_'))
      .map(({ name }) => [name, rowsOf(sqlite, name)]),
  )
}

/** A file with a log in which committed rows stand that are not in the file itself, while somebody uses it. */
async function liveFile() {
  const { store, path } = openTestStore()
  await insertRuns(
    { db: path },
    Array.from({ length: 50 }, (_, n) => ({ inputs: JSON.stringify({ text: 'x'.repeat(n * 50) }) })),
  )
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(50_000)
  return { store, path }
}

async function refusal(copies: string, to: string): Promise<string> {
  const error: unknown = await backUp(copies, to).catch((error) => error)
  expect(error).toBeInstanceOf(BackupError)
  expect(existsSync(unfinishedBackup(to))).toBe(false)
  return (error as BackupError).message
}

test('copies a file that is in use, with what stands only in its log', async () => {
  const { path } = await liveFile()
  const to = temporaryFile('copy.db')
  let isChecked = false
  const bytes = await backUp(path, to, { onCheck: () => (isChecked = true) })
  expect(isChecked).toBe(true)
  expect(statSync(to).size).toBe(bytes)
  expect(contents(to)).toEqual(contents(path))
  expect(connect(to).pragma('integrity_check', { simple: true })).toBe('ok')
  expect(readdirSync(dirname(to)).filter((name) => name.includes('unfinished'))).toEqual([])
})

test('a copy is for this user alone, whatever the mode of the file', async () => {
  const { path } = await liveFile()
  chmodSync(path, 0o664)
  const to = temporaryFile('copy.db')
  await backUp(path, to)
  expect((statSync(to).mode & 0o777).toString(8)).toBe('600')
})

test('a copy can be used like the file it was made of', async () => {
  const { path } = await liveFile()
  const to = temporaryFile('copy.db')
  await backUp(path, to)
  const { store } = openTestStore(to)
  await insertRuns({ db: to }, [{ id: 'new' }])
  expect(store.db.$client.prepare('SELECT count(*) FROM run_index').pluck().get()).toBe(51)
})

test('holds what was there when it began, and nobody who writes meanwhile is held up', async () => {
  const { store, path } = await liveFile()
  const to = temporaryFile('copy.db')
  let isOver = false
  const copied = backUp(path, to).then(() => {
    isOver = true
  })
  let written = 0
  for (; !isOver; written++) {
    await store.write(() =>
      store.db.$client.prepare("INSERT INTO input_schemas VALUES (?, '')").run(`schema ${written}`),
    )
  }
  await copied
  expect(written).toBeGreaterThan(1)
  // Of every moment there is all or nothing.
  const hashes = connect(to).prepare('SELECT hash FROM input_schemas ORDER BY rowid').pluck().all()
  expect(hashes).toEqual(Array.from({ length: hashes.length }, (_, n) => `schema ${n}`))
  expect(hashes.length).toBeLessThan(written)
})

test('a file that Python made is copied as it is', async () => {
  const path = temporaryFile()
  createPythonDatabase(path)
  const before = readFileSync(path)
  const to = temporaryFile('copy.db')
  await backUp(path, to)
  expect(contents(to)).toEqual(contents(path))
  expect(readFileSync(path)).toEqual(before)
})

test('nothing is ever written over', async () => {
  const { path } = await liveFile()
  const to = temporaryFile('copy.db')
  writeFileSync(to, 'mine')
  expect(await refusal(path, to)).toBe(`${to} is there already. It was not changed; choose another name.`)
  expect(readFileSync(to, 'utf8')).toBe('mine')
})

test('says what is in the way', async () => {
  const { path } = await liveFile()
  const folder = dirname(temporaryFile())
  expect(await refusal(`${folder}/none.db`, `${folder}/copy.db`)).toBe(`There is no database ${folder}/none.db.`)
  expect(await refusal(folder, `${folder}/copy.db`)).toBe(`${folder} is not a file.`)
  expect(await refusal(path, `${folder}/nowhere/copy.db`)).toBe(
    `The folder ${folder}/nowhere does not exist. Create it first.`,
  )
  expect(await refusal(path, folder)).toBe(`${folder} is a folder. Name a file in it.`)
  writeFileSync(`${folder}/diary.txt`, 'Dear diary, this is no database at all. '.repeat(100))
  expect(await refusal(`${folder}/diary.txt`, `${folder}/copy.db`)).toBe(
    `${folder}/diary.txt is not an SQLite database.`,
  )
  expect(readdirSync(folder)).toEqual(['diary.txt'])
})

test('a damaged file gives no backup', async () => {
  const path = temporaryFile()
  const sqlite = new Database(path)
  sqlite.exec(`CREATE TABLE t (a TEXT);
    WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 3000) INSERT INTO t SELECT hex(randomblob(50)) FROM many`)
  sqlite.close()
  const bytes = readFileSync(path)
  bytes.fill(0x5a, 4096 * 3, 4096 * 20)
  writeFileSync(path, bytes)
  const to = temporaryFile('copy.db')
  expect(await refusal(path, to)).toMatch(/is damaged: .*malformed\.$/)
  expect(readdirSync(dirname(to))).toEqual([])
})

test('a copy that does not pass the check is no backup', async () => {
  const path = temporaryFile()
  const sqlite = new Database(path)
  sqlite.exec('CREATE TABLE t (a TEXT); INSERT INTO t VALUES (NULL)')
  sqlite.unsafeMode()
  sqlite.pragma('writable_schema = ON')
  sqlite.exec("UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a TEXT NOT NULL)'")
  sqlite.close()
  const to = temporaryFile('copy.db')
  expect(await refusal(path, to)).toBe('The copy is damaged, and was removed: NULL value in t.a.')
  expect(readdirSync(dirname(to))).toEqual([])
})

test('stopped in the middle, it leaves nothing behind', async () => {
  const { path } = await liveFile()
  const to = temporaryFile('copy.db')
  const stop = new AbortController()
  const copied = backUp(path, to, { signal: stop.signal })
  stop.abort()
  await expect(copied).rejects.toThrow('The backup was stopped before it was complete.')
  expect(readdirSync(dirname(to))).toEqual([])
})

test('what another one left behind that was killed is no obstacle', async () => {
  const { path } = await liveFile()
  const to = temporaryFile('copy.db')
  writeFileSync(unfinishedBackup(to), 'half a copy')
  await backUp(path, to)
  expect(contents(to)).toEqual(contents(path))
  expect(existsSync(unfinishedBackup(to))).toBe(false)
})

test('a place that cannot be written to is told', async () => {
  const { path } = await liveFile()
  const to = temporaryFile('copy.db')
  mkdirSync(unfinishedBackup(to))
  const error: unknown = await backUp(path, to).catch((error) => error)
  expect(error).toBeInstanceOf(BackupError)
  expect((error as BackupError).message).toMatch(/^The database could not be copied to /)
  expect(existsSync(to)).toBe(false)
})
