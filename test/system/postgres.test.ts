import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, execute, expectProblem, page, partial, register } from '../support/app.ts'
import { createHastyClock } from '../support/clock.ts'
import { openDashboard } from '../support/dashboard.ts'
import { cableTo } from '../support/postgres/cable.ts'
import { testDatabase } from '../support/postgres/database.ts'
import { startProgram } from '../support/process.ts'

const ended = (run: { status: string }) => run.status !== 'pending' && run.status !== 'running'

test('on PostgreSQL a run is executed, found again and counted, and every page is there', async () => {
  const { url } = await testDatabase()
  const app = await buildTestApp({ db: url })
  await app.orchestrator.start()
  const agent = await startAgent({ run: json({ status: 'completed', outputs: { report: 'grid storage' } }) })
  await register(app, agent.url)
  const id = await execute(app, 'writer', { topic: 'batteries' })
  await expect.poll(async () => ended((await api(app, 'GET', `/runs/${id}`)).json)).toBe(true)
  expect((await api(app, 'GET', `/runs/${id}`)).json).toMatchObject({ status: 'completed', agent_id: 'writer' })
  for (const q of ['batteries', 'out.report:grid', 'status:completed', 'agent:writer']) {
    const found = await api(app, 'GET', `/runs?q=${encodeURIComponent(q)}`)
    expect(found.json.runs, q).toMatchObject([{ run_id: id }])
  }
  const exported = await app.inject('/runs/export?format=ndjson')
  expect(JSON.parse(exported.payload)).toMatchObject({ run_id: id, outputs: { report: 'grid storage' } })
  for (const path of [
    '/',
    '/orchestrator',
    '/orchestrator/writer',
    '/runs',
    `/runs/${id}`,
    '/settings/audit',
    '/system',
  ]) {
    expect((await page(app, path)).status, path).toBe(200)
  }
  await app.close()
  const again = await buildTestApp({ db: url })
  expect((await api(again, 'GET', `/runs/${id}`)).json).toMatchObject({ status: 'completed' })
})

test('what is told of the database has no password, and says who makes its backup', async () => {
  const { url } = await testDatabase()
  const { password, username, host, pathname } = new URL(url)
  const app = await buildTestApp({ db: `${url}?application_name=secret-of-parameters` })
  const system = await api(app, 'GET', '/system')
  expect(system.json).toMatchObject({
    file: { path: `postgres://${username}@${host}${pathname}`, log_bytes: null, disk_free_bytes: null },
    backup: { status: 'elsewhere', reason: expect.stringContaining('pg_dump') },
    versions: { postgresql: expect.stringMatching(/^\d+/) },
  })
  const shown = await page(app, '/system')
  expect(shown.text).toContain('pg_dump')
  expect(shown.html.querySelector('#back-up')).toBeNull()
  expectProblem(await api(app, 'POST', '/system/backup'), 503)
  const checks = await page(app, '/system/checks')
  for (const text of [JSON.stringify(system.json), shown.html.outerHTML, checks.html.outerHTML]) {
    expect(text).not.toContain(`:${password}@`)
    expect(text).not.toContain('secret-of-parameters')
  }
})

test('the settings are of a database, on every page of them, and of no file', async () => {
  const app = await buildTestApp({ db: (await testDatabase()).url })
  for (const path of ['/system', '/system/checks', '/settings/audit']) {
    const { html } = await page(app, path)
    expect(html.querySelector('.settings-side a[href="/system"]')!.text.trim(), path).toBe('Database')
    expect(html.querySelector('.settings')!.structuredText, path).not.toMatch(/\bfile\b/i)
  }
  const found = await partial(app, '/palette?q=database')
  expect(found.html.querySelector('[role=option]')!.text).toMatch(/Settings/)
})

test('while the database is away pages say so, and then it goes on by itself', async () => {
  const { url } = await testDatabase()
  const cable = await cableTo(url)
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) })
  const app = await buildTestApp({ db: cable.url }, { clock: createHastyClock(), logger })
  const announce = () =>
    api(app, 'POST', '/agents/register', { agent_id: 'a', agent_name: 'A', host: 'localhost', port: 8001 })
  expect((await announce()).status).toBe(200)
  cable.cut()
  const { json: problem } = await announce()
  expect(problem).toMatchObject({ status: 503, detail: expect.stringContaining('cannot be reached') })
  expect((await api(app, 'GET', '/readyz')).status).toBe(503)
  const failed = await page(app, '/runs')
  expect(failed.status).toBe(503)
  expect(decodeURIComponent(String(failed.headers['x-storage-fault']))).toMatch(/cannot be reached/)
  cable.mend()
  await expect.poll(async () => (await api(app, 'GET', '/readyz')).status).toBe(200)
  expect((await partial(app, '/runs')).status).toBe(200)
  expect((await announce()).status).toBe(200)
  expect(JSON.stringify([problem, failed.html.outerHTML, lines])).not.toContain(`:${new URL(url).password}@`)
})

test('a client that is too slow is no fault of the database, and is not told of one', async () => {
  const { url } = await openDashboard({ db: (await testDatabase()).url, connections: { requestMs: 300, checkMs: 20 } })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const head = 'POST /orchestrator/register HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n'
  socket.write(`${head}content-length: 100\r\n\r\n{"agent_id":`)
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /)
  // A fault would be in the log, which fails the test.
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
})

test('where the database is away before it is known who asks, a page says so and names nothing', async () => {
  const cable = await cableTo((await testDatabase()).url)
  const app = await buildTestApp({ db: cable.url }, { logger: pino({ level: 'silent' }) })
  cable.cut()
  const failed = await page(app, '/runs?q=a')
  expect(failed.status).toBe(503)
  expect(failed.html.querySelector('[role=alert]')!.text).toContain('The database cannot be reached')
  expect(failed.html.outerHTML).not.toContain(new URL(cable.url).port)
  cable.mend()
  await expect.poll(async () => (await page(app, '/runs?q=a')).status).toBe(200)
})

test('credentials need the key as a setting', async () => {
  const { url } = await testDatabase()
  const app = await buildTestApp({ db: url })
  const agent = await startAgent()
  const asked = await api(app, 'POST', '/orchestrator/register', {
    ...{ agent_id: 'a', agent_name: 'A', agent_url: agent.url },
    credential: { type: 'bearer', token: 'sesame-sesame' },
  })
  expectProblem(asked, 503)
  expect(asked.json.detail).toContain('CONFIGURABLE_AGENTS_SECRET_KEY')
})

test('an address that is none is refused without its password, and commands for files say what to use', async () => {
  for (const db of ['postgres://ann:secret@host', 'postgres://ann:secret@[bad/x', 'postgresql://ann:se@cret@:/']) {
    expect(() => loadConfig({ db })).toThrow(/^--db: "postgres/)
    expect(() => loadConfig({ db })).not.toThrow(/se.?cret/)
  }
  const { url } = await testDatabase()
  const env = { CONFIGURABLE_AGENTS_DB: url }
  const backup = startProgram(['bin/configurable-agents.js', 'backup', 'copy.db'], env)
  expect(await backup.ended).toBe(1)
  expect(backup.output()).toMatch(/pg_dump/)
  const list = startProgram(['bin/configurable-agents.js', 'users', 'list'], env)
  expect(await list.ended).toBe(0)
})
