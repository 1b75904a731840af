import { pino } from 'pino'
import { expect, test } from 'vitest'
import { logIn } from '../support/access/people.ts'
import { startGossip, waysToTell } from '../support/agents/gossip.ts'
import { namesOfRoutes } from '../support/api/routes.ts'
import { api, buildTestApp, ended, execute, type TestApp } from '../support/app.ts'
import { cli } from '../support/cli.ts'
import { expectDeclared } from '../support/declared-answers.ts'
import { leaksIn } from '../support/secret-forms.ts'
import { onDisk } from '../support/store/on-disk.ts'
import { isOnPostgres } from '../support/store/which.ts'

const secrets = {
  token: 'tk.Q7w+9zLmR4~Vb81',
  password: 'pä%ss <"Zk"> &Hq5\\t+Yw2',
  key: 'ky:Xn3&"Fj7"/+Gd=6Uc',
  wrong: 'wr0ng/Pz8+"Lt6&=Nq',
  former: 'fo/Rm3r+Jx9&Be5=Kd',
}
const all = Object.values(secrets)
const credentials = {
  bearer: { type: 'bearer', token: secrets.token },
  basic: { type: 'basic', username: 'anna', password: secrets.password },
  headers: { type: 'headers', headers: { 'X-Api-Key': secrets.key, cookie: `session=${secrets.key}` } },
}

const kinds = Object.keys(credentials) as (keyof typeof credentials)[]

/** The dashboard, and all that it ever says, by where: answers with their headers, and its log. */
async function overheard() {
  const heard = new Map<string, string>()
  const logger = pino({ level: 'debug' }, { write: (text: string) => void heard.set(text, 'log') })
  const app = await buildTestApp(
    {},
    {
      logger,
      passwordLogCost: 4,
      async onAnswer(request, reply, payload) {
        const said = [JSON.stringify(reply.getHeaders()), typeof payload === 'string' ? payload : ''].join('\n')
        heard.set(said, `${request.method} ${request.url} ${request.headers.accept}`)
        return expectDeclared(request, reply, payload)
      },
    },
  )
  return { app, heard }
}

async function tellEverything(app: TestApp, kind: keyof typeof credentials): Promise<void> {
  const agent = await startGossip()
  const { host } = new URL(agent.url)
  const credential = credentials[kind]
  const register = (more: object) =>
    api(app, 'POST', '/orchestrator/register', { agent_id: kind, agent_name: kind, agent_url: agent.url, ...more })
  await register({ credential: { type: 'bearer', token: secrets.former } })
  await api(app, 'POST', '/orchestrator/test', { agent_url: agent.url, credential })
  expect(await register({ credential })).toMatchObject({ status: 200 })
  const run = async (topic: string) => ended(app, await execute(app, kind, { topic }))
  expect(await run('at once')).toMatchObject({ status: 'completed' })
  expect(await run('in the background')).toMatchObject({ status: 'failed' })
  for (const way of waysToTell) {
    agent.tell(way)
    await api(app, 'POST', '/orchestrator/test', { agent_url: agent.url, credential })
    await register({ credential })
    await api(app, 'POST', `/orchestrator/${kind}/edit`, { health_path: '/health', credential })
    await api(app, 'POST', `/orchestrator/${kind}/check`)
    await api(app, 'GET', `/orchestrator/${kind}/execute`)
    await api(app, 'GET', `/orchestrator/${kind}`)
    await run(way)
  }
  for (const body of [
    { agent_url: `http://anna:${encodeURIComponent(secrets.wrong)}@${host}/` },
    { agent_url: `http://anna:${secrets.wrong}@${host}/` },
    { agent_url: `anna:${secrets.wrong}@${host}` },
    { credential: { type: 'bearer', token: `${secrets.wrong} ${secrets.wrong}` } },
    { credential: { type: 'basic', username: `a:${secrets.wrong}`, password: '' } },
    { credential: { type: 'headers', headers: { [secrets.wrong]: secrets.wrong } } },
    { credential: { type: secrets.wrong, [secrets.wrong]: secrets.wrong } },
    { credential: secrets.wrong },
    { ca: secrets.wrong, fingerprint: secrets.wrong },
  ]) {
    await api(app, 'POST', '/orchestrator/test', body)
    await register(body)
    await api(app, 'POST', `/orchestrator/${kind}/edit`, body)
  }
}

const readers = {
  page: { accept: 'text/html' },
  region: { accept: 'text/html', 'hx-request': 'true', 'hx-request-type': 'partial' },
  json: { accept: 'application/json' },
}

async function readEverything(app: TestApp): Promise<void> {
  const { runs } = (await api(app, 'GET', '/runs?limit=200')).json
  expect(runs.length).toBeGreaterThan(3 * waysToTell.length)
  const read = (url: string, kinds = Object.values(readers)) =>
    Promise.all(kinds.map((headers) => app.inject({ url, headers })))
  const routes = namesOfRoutes(app).filter((name) => name.startsWith('GET ') && !/[*]|\/runs\/\{|backup/.test(name))
  for (const path of routes.map((name) => name.slice('GET '.length))) {
    const isOfAgent = path.startsWith('/orchestrator/{') || path.startsWith('/agents/{')
    for (const id of isOfAgent ? kinds : ['none']) await read(path.replace(/\{\w+\}/, id))
  }
  for (const { run_id: id } of runs) {
    for (const path of ['', '?tab=json', '?tab=exchange']) await read(`/runs/${id}${path}`, [readers.page])
    for (const path of ['', '/curl', '/outputs', '/nodes']) await read(`/runs/${id}${path}`, [readers.json])
  }
}

test('no agent gets a credential onto the disk, into the log, or into what the dashboard says', {
  timeout: 120_000,
}, async () => {
  const { app, heard } = await overheard()
  await Promise.all(kinds.map((kind) => tellEverything(app, kind)))
  await readEverything(app)

  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  for (const format of ['csv', 'json', 'ndjson']) {
    heard.set(await (await fetch(`${url}/runs/export?format=${format}`)).text(), `export as ${format}`)
  }
  for (const command of [
    'agents list',
    'agents show basic',
    'agents check bearer',
    'runs list',
    'runs export',
    'status',
  ]) {
    const { out, err } = await cli([...command.split(' '), '--url', url])
    heard.set(out + err, command)
  }
  const prefer = { accept: 'application/json', prefer: 'wait=20' }
  const backup = await app.inject({ method: 'POST', url: '/system/backup', headers: prefer })
  expect(backup.statusCode).toBe(isOnPostgres ? 503 : 200)
  const ann = { name: 'ann', password: secrets.password, role: 'admin' }
  expect((await api(app, 'POST', '/settings/users', ann)).status).toBe(200)
  expect((await logIn(app, 'ann', secrets.wrong)).statusCode).toBe(401)

  for (const { name, text } of await onDisk(app.db)) heard.set(text, name)
  const places = isOnPostgres
    ? ['agents', 'run_texts', 'users']
    : ['', '-wal', '-shm'].map((end) => `workflows.db${end}`)
  expect([...heard.values()]).toEqual(expect.arrayContaining(places))
  const leaks = [...heard].flatMap(([text, where]) => leaksIn(text, all).map((leak) => `${where}: ${leak}`))
  expect(leaks).toEqual([])
})
