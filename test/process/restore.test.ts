import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'
import { startOtherProgram } from '../support/store/other-program.ts'
import { createPythonDatabase } from '../support/store/python-database.ts'
import { connect } from '../support/store/store.ts'
import { temporaryFile } from '../support/temporary.ts'

async function restore(...args: string[]) {
  const { code, out, err } = await cli(['restore', ...args])
  return { code, lines: (out + err).trim().split('\n') }
}

async function refusal(...args: string[]): Promise<string> {
  const { code, lines } = await restore(...args)
  expect(lines).toHaveLength(1)
  expect(code).toBe(1)
  return lines[0]!
}

const row = (id: string) =>
  `INSERT INTO workflow_runs (id, workflow_name, status, started_at) VALUES ('${id}', 'w', 'completed', '2026-11-22 16:14:30.057758')`
function idsIn(path: string): unknown[] {
  const sqlite = connect(path)
  const ids = sqlite.prepare('SELECT id FROM workflow_runs ORDER BY id').pluck().all()
  // Or it would count as a program that uses the file.
  sqlite.close()
  return ids
}
const filesBeside = (path: string) => readdirSync(dirname(path)).sort()
const keptAs = (lines: string[]) => / is kept as (\S+)\.$/.exec(lines[1]!)![1]!

/** A database of the Python program that has been copied, and then changed. */
function backedUp() {
  const db = temporaryFile()
  createPythonDatabase(db)
  const backup = temporaryFile('backup.db')
  connect(db)
    .exec(`DELETE FROM workflow_runs; ${row('old')}; VACUUM INTO '${backup}'`)
    .exec(row('new'))
    .close()
  return { db, backup }
}

test('the backup is in the place of the database, and that is kept with all that was in its log', async () => {
  const { db, backup } = backedUp()
  const killed = startOtherProgram()
  await killed.openDashboard(db)
  await killed.write(row('newest'))
  await killed.kill()
  expect(statSync(`${db}-wal`).size).toBeGreaterThan(0)
  const bytes = readFileSync(backup)

  const { code, lines } = await restore(backup, '--db', db)
  expect(lines[0]).toMatch(new RegExp(`^Restored ${db} from ${backup}, [\\d.]+ kB, checked\\.$`))
  expect(code).toBe(0)
  expect(readFileSync(backup).equals(bytes)).toBe(true)
  const kept = keptAs(lines)
  expect(filesBeside(db)).toEqual(['workflows.db', 'workflows.db.lock', kept.slice(dirname(db).length + 1)].sort())
  expect(kept).toMatch(/workflows-before-restore-\d{4}-\d\d-\d\dT\d{6}\.db$/)
  expect(idsIn(db)).toEqual(['old'])
  expect(idsIn(kept)).toEqual(['new', 'newest', 'old'])

  const dashboard = await openDashboard({ db })
  expect(
    await (await fetch(`${dashboard.url}/runs/old`, { headers: { accept: 'application/json' } })).json(),
  ).toMatchObject({ run_id: 'old' })
})

test.each(['moved', 'copied'] as const)(
  'a backup that was %s into the place of the database is used without the log that is refused there',
  async (how) => {
    const { db, backup } = backedUp()
    const killed = startOtherProgram()
    await killed.openDashboard(db)
    await killed.write(row('newest'))
    await killed.kill()
    const log = readFileSync(`${db}-wal`)
    if (how === 'moved') renameSync(backup, db)
    else copyFileSync(backup, db)
    await expect(openDashboard({ db })).rejects.toThrow('holds changes that belong to another file')

    const { code, lines } = await restore(db, '--db', db)
    expect(code).toBe(0)
    const keptLog = / is kept as (\S+)\.$/.exec(lines[2]!)![1]!
    expect(lines[2]).toMatch(/^The log of another file, which was beside it, is kept as \S+-wal\.$/)
    expect(readFileSync(keptLog).equals(log)).toBe(true)
    expect(existsSync(keptLog.replace(/-wal$/, ''))).toBe(false)
    expect(idsIn(db)).toEqual(['old'])
    await openDashboard({ db })
    expect(idsIn(db)).toEqual(['old'])
  },
)

test('a database and a backup behind symbolic links are restored where they are, with their logs', async () => {
  const { db, backup } = backedUp()
  const [link, backupLink] = [temporaryFile('link.db'), temporaryFile('backup-link.db')]
  symlinkSync(db, link)
  symlinkSync(backup, backupLink)
  const killed = startOtherProgram()
  for (const [file, id] of [[db, 'newest'] as const, [backup, 'in its log'] as const]) {
    await killed.openDashboard(file)
    await killed.write(row(id))
  }
  await killed.kill()
  const filesBefore = filesBeside(link)

  const { code, lines } = await restore(backupLink, '--db', link)
  expect(code).toBe(0)
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(filesBeside(link)).toEqual(filesBefore)
  expect(idsIn(db)).toEqual(['in its log', 'old'])
  expect(dirname(keptAs(lines))).toBe(dirname(db))
  expect(idsIn(keptAs(lines))).toEqual(['new', 'newest', 'old'])
})

test('is refused on a link to no file, and under a second name of a file in use, and leaves nothing behind', async () => {
  const { db, backup } = backedUp()
  const link = temporaryFile('link.db')
  symlinkSync(`${db}-none`, link)
  expect(await refusal(backup, '--db', link)).toBe(
    `${link} is a symbolic link to ${db}-none, which does not exist. Correct or remove the link.`,
  )
  const hardLink = temporaryFile('second.db')
  linkSync(db, hardLink)
  const dashboard = startOtherProgram()
  await dashboard.openDashboard(db)
  expect(await refusal(backup, '--db', hardLink)).toMatch(
    /^Another dashboard is already running on \S+\. Stop it, then restore\./,
  )
  expect(filesBeside(hardLink)).toEqual(['second.db'])
  await dashboard.stop()
})

test('says in one line what keeps it from writing beside the database', async () => {
  const { db, backup } = backedUp()
  mkdirSync(`${db}.lock`)
  expect(await refusal(backup, '--db', db)).toBe(
    `${db} cannot be written. Check its permissions, those of its folder, and whether the disk is read-only.`,
  )
  expect(idsIn(db)).toEqual(['new', 'old'])
})

test('is refused while a dashboard runs, and while the Python program has the file open', async () => {
  const { db, backup } = backedUp()
  const dashboard = startOtherProgram()
  await dashboard.openDashboard(db)
  expect(await refusal(backup, '--db', db)).toMatch(
    /^Another dashboard is already running on \S+workflows\.db\. Stop it, then restore\./,
  )
  await dashboard.stop()
  const python = startOtherProgram()
  await python.sql(db, 'PRAGMA journal_mode = WAL; SELECT count(*) FROM workflow_runs')
  expect(await refusal(backup, '--db', db)).toBe(`${db} is in use by another program. Stop that first.`)
  expect(idsIn(db)).toEqual(['new', 'old'])
  await python.kill()
  expect((await restore(backup, '--db', db)).code).toBe(0)
})

test('what is no whole backup is refused, and nothing is changed', async () => {
  const { db, backup } = backedUp()
  const before = filesBeside(db)
  const bytes = readFileSync(db)
  expect(await refusal(`${backup}-none`, '--db', db)).toBe(`There is no backup ${backup}-none.`)
  expect(await refusal(dirname(backup), '--db', db)).toBe(`${dirname(backup)} is not a file.`)
  expect(await refusal(db, '--db', db)).toBe(`${db} is the database itself.`)
  linkSync(db, `${backup}-link`)
  expect(await refusal(`${backup}-link`, '--db', db)).toBe(`${backup}-link is the database itself.`)

  writeFileSync(`${backup}.txt`, 'Dear diary, '.repeat(400))
  expect(await refusal(`${backup}.txt`, '--db', db)).toBe(
    `${backup}.txt is not an SQLite database, so nothing was restored.`,
  )
  writeFileSync(`${backup}.empty`, '')
  expect(await refusal(`${backup}.empty`, '--db', db)).toBe(
    `${backup}.empty holds no runs table, so nothing was restored.`,
  )
  const damaged = readFileSync(backup)
  damaged.fill(0x5a, 4096, 4096 * 4)
  writeFileSync(`${backup}.damaged`, damaged)
  expect(await refusal(`${backup}.damaged`, '--db', db)).toMatch(/\.damaged is damaged, so nothing was restored: /)
  connect(`${backup}.other`).exec('CREATE TABLE notes (a)').close()
  expect(await refusal(`${backup}.other`, '--db', db)).toMatch(/\.other is a database of another program/)

  expect(filesBeside(db)).toEqual(before)
  expect(readFileSync(db).equals(bytes)).toBe(true)
})

test('a file of another program is not moved, where the name was mistyped', async () => {
  const { backup } = backedUp()
  const other = temporaryFile('notes.db')
  connect(other).exec('CREATE TABLE notes (a)').close()
  expect(await refusal(backup, '--db', other)).toMatch(/notes\.db is a database of another program/)
  expect(filesBeside(other)).toEqual(['notes.db'])
})

test('where there is no database, or a damaged one, the backup is restored all the same', async () => {
  const { db, backup } = backedUp()
  const fresh = temporaryFile()
  expect((await restore(backup, '--db', fresh)).lines).toHaveLength(1)
  expect(idsIn(fresh)).toEqual(['old'])
  expect((statSync(fresh).mode & 0o777).toString(8)).toBe('600')

  chmodSync(db, 0o664)
  writeFileSync(db, 'torn '.repeat(2000))
  const { code, lines } = await restore(backup, '--db', db)
  expect(code).toBe(0)
  expect(readFileSync(keptAs(lines), 'utf8')).toBe('torn '.repeat(2000))
  expect(idsIn(db)).toEqual(['old'])
  expect((statSync(db).mode & 0o777).toString(8)).toBe('664')
})

test('a backup that has a log of its own is taken with it', async () => {
  const { db, backup } = backedUp()
  const program = startOtherProgram()
  await program.sql(backup, `PRAGMA journal_mode = WAL; ${row('in-log')}`)
  expect((await restore(backup, '--db', db)).code).toBe(0)
  expect(idsIn(db)).toEqual(['in-log', 'old'])
})
