import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute } from '../support/app.ts'
import { isAboutFile } from '../support/store/database.ts'
import { connect } from '../support/store/store.ts'
import { temporaryFile } from '../support/temporary.ts'

const credential = { type: 'bearer', token: 'tok-3f9c-8d21' }
const sent = `Bearer ${credential.token}`
const keyBeside = (db: string) => {
  isAboutFile()
  return join(dirname(db), 'secret.key')
}
const saved = async (app: Awaited<ReturnType<typeof buildTestApp>>) =>
  (await api(app, 'GET', '/orchestrator/writer/edit')).json.saved_credential

async function withCredential(config: Parameters<typeof buildTestApp>[0] = {}) {
  const agent = await startAgent()
  const app = await buildTestApp(config)
  const registration = { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url, credential }
  expect((await api(app, 'POST', '/orchestrator/register', registration)).status).toBe(200)
  return { app, agent, key: keyBeside(app.db) }
}

test('the key is made when it is first needed, for its owner alone, and read by the next start', async () => {
  const { app, agent, key } = await withCredential()
  expect(statSync(key).mode & 0o777).toBe(0o600)
  expect(readFileSync(key, 'utf8')).toMatch(/^[\da-f]{64}\n$/)
  await app.close()
  const again = await buildTestApp({ db: app.db })
  expect(await saved(again)).toMatchObject({ type: 'bearer', is_readable: true })
  await ended(again, await execute(again, 'writer'))
  expect(agent.requests.at(-1)!.headers.authorization).toBe(sent)
})

test('without a credential there is no key', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await api(app, 'POST', '/orchestrator/register', { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url })
  expect(existsSync(keyBeside(app.db))).toBe(false)
})

test('with a key from the settings there is no file', async () => {
  const secretKey = '5f'.repeat(32)
  const { app, agent, key } = await withCredential({ secretKey })
  expect(existsSync(key)).toBe(false)
  await app.close()
  const again = await buildTestApp({ db: app.db, secretKey })
  await ended(again, await execute(again, 'writer'))
  expect(agent.requests.at(-1)!.headers.authorization).toBe(sent)
})

test.each([
  ['no key', (key: string) => rmSync(key)],
  ['another key', (key: string) => writeFileSync(key, `${'ab'.repeat(32)}\n`)],
  ['an empty file', (key: string) => writeFileSync(key, '')],
])('with %s the dashboard starts, sends nothing, and takes the credential anew', async (_, change) => {
  const { app, agent, key } = await withCredential()
  await app.close()
  change(key)
  const again = await buildTestApp({ db: app.db })
  expect(await saved(again)).toMatchObject({ type: 'bearer', origin: agent.url, is_readable: false })
  await ended(again, await execute(again, 'writer'))
  expect(agent.requests.at(-1)!.headers.authorization).toBeUndefined()
  await api(again, 'POST', '/orchestrator/writer/edit', { credential })
  expect(await saved(again)).toMatchObject({ is_readable: true })
  await ended(again, await execute(again, 'writer'))
  expect(agent.requests.at(-1)!.headers.authorization).toBe(sent)
})

test.each([
  ['others can read', (key: string) => chmodSync(key, 0o640), 'chmod 600'],
  ['is not a key', (key: string) => writeFileSync(key, 'hunter2'), 'is not a key'],
])('the dashboard does not start with a key that %s', async (_, change, sentence) => {
  const { app, key } = await withCredential()
  await app.close()
  change(key)
  const start = buildApp(loadConfig({ db: app.db }, {}))
  await expect(start).rejects.toMatchObject({ code: 'store-open', message: expect.stringContaining(sentence) })
  await expect(start).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') })
  writeFileSync(key, `${'ab'.repeat(32)}\n`)
  chmodSync(key, 0o600)
  await buildTestApp({ db: app.db })
})

test('nothing is saved where the key cannot be written', async () => {
  const agent = await startAgent()
  const db = temporaryFile()
  const app = await buildTestApp({ db })
  // A folder in its place cannot be written, whoever runs this.
  mkdirSync(keyBeside(db))
  const registration = { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url, credential }
  const answer = await api(app, 'POST', '/orchestrator/register', registration)
  expect(answer.json).toMatchObject({ status: 500, detail: expect.stringContaining('cannot be read') })
  expect(connect(db).prepare('SELECT count(*) AS agents FROM agents').get()).toEqual({ agents: 0 })
})

test('a credential whose place was changed in the file is not sent', async () => {
  const { app, agent } = await withCredential()
  await app.close()
  const other = await startAgent()
  const file = connect(app.db)
  file.prepare('UPDATE agents SET base_url = ?, host = ?, port = ?').run(other.url, '127.0.0.1', other.port)
  file.prepare('UPDATE agent_credentials SET origin = ?').run(other.url)
  file.close()
  const again = await buildTestApp({ db: app.db })
  await ended(again, await execute(again, 'writer'))
  expect(other.requests.at(-1)).toMatchObject({ url: '/run' })
  expect(other.requests.at(-1)!.headers.authorization).toBeUndefined()
  expect(await saved(again)).toMatchObject({ is_readable: false })
  expect(agent.requests.every(({ url }) => url !== '/run')).toBe(true)
})
