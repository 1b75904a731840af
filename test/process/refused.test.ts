import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { StartError } from '../../src/server/start-error.ts'
import { serve } from '../../src/server.ts'
import { startAgent } from '../support/agents/agent.ts'
import { openDashboard } from '../support/dashboard.ts'
import { printed, startProgram } from '../support/process.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { isAboutFile, storeOf } from '../support/store/database.ts'
import { connect } from '../support/store/store.ts'
import { temporaryFile, temporaryFolder } from '../support/temporary.ts'

const command = 'bin/configurable-agents.js'

/** What `configurable-agents ui` would say, without a process: it prints the words of a StartError. */
async function refusedStart(given: { db: string; port?: number; host?: string }): Promise<string> {
  const error: unknown = await serve(loadConfig({ port: 0, ...given }, {})).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(StartError)
  return (error as StartError).message
}

/** Tries to start a dashboard that cannot start, and resolves to the one line it says. */
async function refusal(args: string[]): Promise<string> {
  const program = startProgram([command, 'ui', ...args])
  expect(await program.ended).toBe(1)
  expect(program.output().trim().split('\n')).toHaveLength(1)
  return program.output().trim()
}

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

test('a taken port is told with what to type instead, and the runs of the one that has it go on', async () => {
  let finish = () => {}
  const agent = await startAgent()
  const { run } = agent.handlers
  agent.handlers.run = (...call) => {
    finish = () => run(...call)
  }
  const first = await openDashboard()
  await post(`${first.url}/orchestrator/register`, { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url })
  const accepted = await post(`${first.url}/orchestrator/writer/execute`, { inputs: { topic: 'SQLite' } })
  const { run_id: runId } = (await accepted.json()) as { run_id: string }
  await expect.poll(() => agent.requests.some(({ url }) => url === '/run')).toBe(true)

  const { port } = new URL(first.url)
  const db = temporaryFile()
  const said = await refusal(['--port', port, '--db', db])
  expect(said).toMatch(
    `Port ${port} is already in use, perhaps by an agent or another dashboard. Try: npx node ${command}`,
  )
  expect(readdirSync(dirname(db))).toEqual([])
  // What it says can be typed.
  const [, words] = /Try: npx node (.+)$/.exec(said)!
  const second = startProgram(words!.split(' '))
  await printed(second, /dashboard: http:/)
  expect(words).toContain(`--db ${db} --port `)
  const status = async () => (await storeOf(first).runs.get(runId))?.status
  expect(await status()).toBe('running')
  finish()
  await expect.poll(status).toBe('completed')
})

test('who cannot listen leaves the runs alone that stand in its own file', async () => {
  const earlier = await openDashboard()
  await earlier.stop()
  await insertRuns(earlier, [
    { id: 'one', workflow_name: 'writer', agent_id: 'writer', agent_url: 'http://x', status: 'running' },
  ])
  const { url } = await openDashboard()
  await refusedStart({ port: Number(new URL(url).port), db: earlier.db })
  expect(connect(earlier.db).prepare('SELECT status FROM workflow_runs').pluck().all()).toEqual(['running'])
})

test('never proposes a port that does not exist', async () => {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(65_535, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  expect(await refusal(['--port', '65535', '--db', temporaryFile()])).toMatch(
    /Try: npx node bin\/configurable-agents\.js ui --db \S+ --port (?!65536)\d+$/,
  )
})

test('a second dashboard on the same file is refused, also by another path to it', async () => {
  isAboutFile()
  const first = await openDashboard()
  const sentence = `Another dashboard is already running on ${first.db}. Use that one, or start this one with another --db file.`
  expect(await refusal(['--port', '0', '--db', first.db])).toBe(sentence)
  const detour = first.db.replace('/workflows.db', '/../') + first.db.split('/').slice(-2).join('/')
  expect(await refusal(['--port', '0', '--db', detour])).toBe(sentence)
  const { port } = new URL(first.url)
  expect(await refusedStart({ port: Number(port), db: first.db })).toBe(
    `A dashboard is already running on ${first.db}, and port ${port} is in use: is it http://localhost:${port}? A second one needs a --db and a --port of its own.`,
  )
  expect((await fetch(`${first.url}/health`)).status).toBe(200)
})

test('an address that is not of this machine is told', async () => {
  const db = temporaryFile()
  expect(await refusal(['--port', '0', '--host', '192.0.2.1', '--db', db])).toBe(
    `192.0.2.1 is not an address of this machine. Try: npx node ${command} ui --port 0 --db ${db} --host 127.0.0.1`,
  )
})

test('a file that is no database is refused and left as it was', async () => {
  const file = temporaryFile()
  writeFileSync(file, 'Dear diary, this is no database at all. '.repeat(100))
  const before = readFileSync(file)
  expect(await refusedStart({ db: file })).toBe(
    `${file} is not an SQLite database. It was not changed; use another --db file.`,
  )
  expect(readFileSync(file)).toEqual(before)
})

test('a database of the newer generation is refused and left as it was', async () => {
  const file = temporaryFile()
  const sqlite = connect(file)
  sqlite.exec('CREATE TABLE executions (id INTEGER); CREATE TABLE deployments (id INTEGER)')
  sqlite.close()
  const before = readFileSync(file)
  expect(await refusedStart({ db: file })).toContain('belongs to a newer generation of configurable-agents')
  expect(readFileSync(file)).toEqual(before)
})

test('a place where no file can be is told', async () => {
  const folder = temporaryFolder()
  expect(await refusedStart({ db: `${folder}/nowhere/workflows.db` })).toBe(
    `The folder ${folder}/nowhere does not exist. Create it first.`,
  )
  mkdirSync(`${folder}/folder.db`)
  expect(await refusedStart({ db: `${folder}/folder.db` })).toBe(`${folder}/folder.db is not a file.`)
})

test('a start that is refused leaves no files behind', async () => {
  const db = temporaryFile()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const { port } = server.address() as { port: number }
  for (const given of [{ port }, { host: 'no-such-host.invalid' }]) {
    await refusedStart({ ...given, db })
    expect(readdirSync(dirname(db)), JSON.stringify(given)).toEqual([])
  }
  await refusal(['--port', 'x', '--db', db])
  expect(readdirSync(dirname(db))).toEqual([])
  const notes = temporaryFile('notes.db')
  connect(notes).exec('CREATE TABLE notes (a)').close()
  await refusedStart({ db: notes })
  expect(readdirSync(dirname(notes))).toEqual(['notes.db'])
})

/** As npm starts it: options that it does not know are its own, what follows them is passed on. */
test.each([
  [['9601'], { npm_config_port: 'true' }, '--port', 'npm start -- --port 9601'],
  [[], { npm_config_port: '9601' }, '--port', 'npm start -- --port 9601'],
  [
    ['9601', 'x.db'],
    { npm_config_port: 'true', npm_config_db: 'true' },
    '--port and --db',
    'npm start -- --port 9601 --db x.db',
  ],
  [[], { npm_config_open: 'true' }, '--open', 'npm start -- --open'],
  [
    ['9601'],
    { npm_config_port: 'true', npm_config_open: 'true' },
    '--port and --open',
    'npm start -- --port 9601 --open',
  ],
])('npm start with %s and %o is explained', async (args, env, kept, command) => {
  const program = startProgram(['bin/configurable-agents.js', 'ui', ...args], { ...env, npm_lifecycle_event: 'start' })
  expect(await program.ended).toBe(1)
  expect(program.output()).toBe(`npm kept ${kept} for itself. Write two dashes before the options: ${command}\n`)
})

test('who started it with npm is told how to do that on another port', async () => {
  const { port } = new URL((await openDashboard()).url)
  const args = ['bin/configurable-agents.js', 'ui', '--port', port, '--db', temporaryFile()]
  const program = startProgram(args, { npm_lifecycle_event: 'start' })
  expect(await program.ended).toBe(1)
  expect(program.output()).toMatch(/Try: npm start -- --db \S+ --port \d+\n$/)
})

test('a link to a database that is not there is told, and nothing is made', async () => {
  const link = temporaryFile('link.db')
  symlinkSync('nowhere.db', link)
  expect(await refusedStart({ db: link })).toBe(
    `${link} is a symbolic link to nowhere.db, which does not exist. Correct or remove the link.`,
  )
  expect(readdirSync(dirname(link))).toEqual(['link.db'])
})
