import { readdirSync, readFileSync, statSync, watch, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'
import { startDashboard, startProgram } from '../support/process.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { isAboutFile } from '../support/store/database.ts'
import { createPythonDatabase } from '../support/store/python-database.ts'
import { connect } from '../support/store/store.ts'
import { temporaryFile, temporaryFolder } from '../support/temporary.ts'

beforeEach(isAboutFile)

const command = new URL('../../bin/configurable-agents.js', import.meta.url).pathname

async function backUp(args: string[]) {
  const { code, out, err } = await cli(['backup', ...args])
  return { code, output: (out + err).trim() }
}

/** As a process, where its folder or environment is the point. */
async function backUpIn(cwd: string, args: string[], env: Record<string, string> = {}) {
  const program = startProgram([command, 'backup', ...args], env, cwd)
  return { code: await program.ended, output: program.output().trim() }
}

/** Tries to make a backup that cannot be made, and resolves to the one line it says. */
async function refusal(args: string[]): Promise<string> {
  const { code, output } = await backUp(args)
  expect(code).toBe(1)
  expect(output.split('\n')).toHaveLength(1)
  return output
}

/** A table of 120 MB: copying it takes long enough to be stopped. */
const large = `CREATE TABLE large (text BLOB);
  WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 6000)
  INSERT INTO large SELECT randomblob(20000) FROM many`

const idsIn = (path: string) => connect(path).prepare('SELECT id FROM workflow_runs ORDER BY id').pluck().all()

test('says where the copy is and how large, while a dashboard runs on the file', async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [{ id: 'one' }, { id: 'two' }])
  const to = temporaryFile('copy.db')
  const { code, output } = await backUp([to, '--db', dashboard.db])
  expect(code).toBe(0)
  const size = (statSync(to).size / 1000).toFixed(1)
  expect(output).toBe(`Backup of ${dashboard.db}: ${to}, ${size} kB, checked.`)
  expect(idsIn(to)).toEqual(['one', 'two'])
  expect((await fetch(`${dashboard.url}/health`)).status).toBe(200)
})

test('a dashboard starts on a backup', async () => {
  const first = await openDashboard()
  await insertRuns(first, [{ id: 'one' }])
  const to = temporaryFile('copy.db')
  await backUp([to, '--db', first.db])
  const second = await openDashboard({ db: to })
  const response = await fetch(`${second.url}/runs/one`, { headers: { accept: 'application/json' } })
  expect(await response.json()).toMatchObject({ run_id: 'one' })
})

test('takes the file of the folder it is started in, and a name relative to that', async () => {
  const folder = temporaryFolder()
  createPythonDatabase(`${folder}/workflows.db`)
  const { code, output } = await backUpIn(folder, ['copy.db'])
  expect(output).toMatch(/^Backup of workflows\.db: \/.*\/copy\.db, \d+\.\d kB, checked\.$/)
  expect(code).toBe(0)
  expect(readdirSync(folder).sort()).toEqual(['copy.db', 'workflows.db'])
})

test('takes the file from the environment too', async () => {
  const db = temporaryFile()
  createPythonDatabase(db)
  const to = temporaryFile('copy.db')
  expect((await backUpIn(temporaryFolder(), [to], { CONFIGURABLE_AGENTS_DB: db })).code).toBe(0)
  expect(idsIn(to)).toHaveLength(6)
})

test('a file that is there is not written over', async () => {
  const db = temporaryFile()
  createPythonDatabase(db)
  const to = temporaryFile('diary.txt')
  writeFileSync(to, 'Dear diary')
  expect(await refusal([to, '--db', db])).toBe(`${to} is there already. It was not changed; choose another name.`)
  expect(readFileSync(to, 'utf8')).toBe('Dear diary')
  expect(await refusal([db, '--db', db])).toContain('is there already')
})

test('what is in the way is told in one sentence', async () => {
  const folder = temporaryFolder()
  const db = `${folder}/workflows.db`
  createPythonDatabase(db)
  expect(await refusal([`${folder}/copy.db`, '--db', `${folder}/none.db`])).toBe(
    `There is no database ${folder}/none.db.`,
  )
  expect(await refusal([`${folder}/nowhere/copy.db`, '--db', db])).toBe(
    `The folder ${folder}/nowhere does not exist. Create it first.`,
  )
  expect(await refusal([folder, '--db', db])).toBe(`${folder} is a folder. Name a file in it.`)
  writeFileSync(`${folder}/diary.txt`, 'Dear diary, this is no database at all. '.repeat(100))
  expect(await refusal([`${folder}/copy.db`, '--db', `${folder}/diary.txt`])).toBe(
    `${folder}/diary.txt is not an SQLite database.`,
  )
  const { code, output } = await backUpIn(folder, ['copy.db', '--db', db], { CONFIGURABLE_AGENTS_PORT: 'x' })
  expect(code).toBe(1)
  expect(output.split('\n')).toEqual([expect.stringContaining('CONFIGURABLE_AGENTS_PORT')])
  expect(readdirSync(folder).sort()).toEqual(['diary.txt', 'workflows.db'])
})

test('without a name it says that one is missing', async () => {
  const { code, output } = await backUp([])
  expect(code).toBe(2)
  expect(output).toContain("missing required argument 'file'")
  expect(output).toContain('--help')
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops it, and nothing is left behind', async (signal) => {
  const db = temporaryFile()
  connect(db).exec(large)
  const folder = temporaryFolder()
  const program = startProgram([command, 'backup', `${folder}/copy.db`, '--db', db])
  await expect.poll(() => readdirSync(folder)).toContain('copy.db.unfinished')
  expect(await program.stop(signal)).toBe(1)
  expect(program.output().trim()).toBe('The backup was stopped before it was complete.')
  expect(readdirSync(folder)).toEqual([])
})

test('the dashboard ends at once in the middle of a backup', async () => {
  const dashboard = await startDashboard()
  connect(dashboard.db).exec(large)
  const asked = await fetch(`${dashboard.url}/system/backup`, {
    method: 'POST',
    headers: { accept: 'application/json' },
  })
  expect(asked.status).toBe(202)
  const files = () => readdirSync(dirname(dashboard.db)).filter((name) => name.includes('backup'))
  await expect.poll(files).toContain('workflows.db-backup.unfinished')
  const seen = new Set<string | null>()
  const watcher = watch(dirname(dashboard.db), (_, name) => seen.add(name))
  onTestFinished(() => watcher.close())
  expect(await dashboard.stop()).toBe(0)
  // It did not wait for the copy to be finished.
  expect([...seen]).not.toContain('workflows.db-backup')
  expect(files()).toEqual([])
})

test('--help says what backup takes', async () => {
  const { code, output } = await backUp(['--help'])
  expect(output).toContain('--db <file>')
  expect(code).toBe(0)
})
