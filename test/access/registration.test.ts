import { pino } from 'pino'
import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { announcement, asPython } from '../support/agents/announced.ts'
import type { TestApp } from '../support/app.ts'

const tokens = { name: 'agents', kind: 'registration', agents: null, expiresInDays: null } as const
const register = (app: TestApp, registry: string, more: object = {}) =>
  asPython(app, 'POST', `${registry}/agents/register`, announcement, more)

async function buildRegistry(config: object = {}, overrides: object = {}) {
  const app = await buildAppWithUsers({ ann: 'admin' }, config, overrides)
  const { secret, token } = await app.orchestrator.access.tokens.create(tokens, localActor)
  return { app, secret, registry: `/r/${secret}`, id: token.id }
}

test('an unchanged Python client works with the token in the URL of its registry', async () => {
  const { app, registry } = await buildRegistry()
  expect(await register(app, registry)).toMatchObject({ status: 200, json: { agent_id: 'writer', is_alive: true } })
  expect(await register(app, registry)).toMatchObject({ status: 200 })
  const beat = await asPython(app, 'POST', `${registry}/agents/writer/heartbeat`, undefined, {
    headers: { 'content-length': '0' },
  })
  expect(beat).toMatchObject({ status: 200, json: { status: 'ok' } })
  const listed = await asPython(app, 'GET', `${registry}/agents?include_dead=false`)
  expect(listed).toMatchObject({ status: 200, json: [{ agent_id: 'writer' }] })
  const one = await asPython(app, 'GET', `${registry}/agents/writer`)
  expect(one).toMatchObject({ status: 200, json: { agent_id: 'writer' } })
  const removed = await asPython(app, 'DELETE', `${registry}/agents/writer`)
  expect(removed).toMatchObject({ status: 200, json: { status: 'deleted', agent_id: 'writer' } })
  const gone = await asPython(app, 'POST', `${registry}/agents/writer/heartbeat`)
  expect(gone).toMatchObject({ status: 404, json: { detail: 'Agent not found: writer' } })
})

test('an agent may send the token as a header instead, and be behind the path of the public URL', async () => {
  const { app, secret } = await buildRegistry({ publicUrl: 'https://example.com/agents' })
  const headers = { authorization: `Bearer ${secret}` }
  expect((await register(app, '', { headers })).status).toBe(200)
  expect((await register(app, `/agents/r/${secret}`)).status).toBe(200)
})

test('once there are users, nobody registers without a registration token that is valid', async () => {
  const { app, registry, id } = await buildRegistry()
  const none = await register(app, '')
  expect(none.status).toBe(401)
  expect(none.json.detail).toContain('with a registration token')
  expect((await register(app, '/r/ca_wrong')).status).toBe(401)
  const api = { ...tokens, name: 'api', kind: 'api', role: 'admin' } as const
  const { secret } = await app.orchestrator.access.tokens.create(api, localActor)
  const inAddress = await register(app, `/r/${secret}`)
  expect(inAddress.status).toBe(401)
  expect(inAddress.json.detail).toContain('Only a registration token may be in the address.')
  expect((await register(app, registry, { headers: { origin: 'https://elsewhere.example' } })).status).toBe(403)
  await app.orchestrator.access.tokens.remove(id, localActor)
  expect((await register(app, registry)).status).toBe(401)
})

test('a registration token does nothing else', async () => {
  const { app, registry, secret } = await buildRegistry()
  await register(app, registry)
  const headers = { authorization: `Bearer ${secret}`, accept: 'application/json' }
  const statusOf = async (method: 'GET' | 'POST' | 'DELETE', url: string) =>
    (await app.inject({ method, url, headers })).statusCode
  expect(await statusOf('GET', '/runs')).toBe(403)
  expect(await statusOf('GET', '/orchestrator/writer')).toBe(403)
  expect(await statusOf('DELETE', '/orchestrator/writer')).toBe(403)
  expect(await statusOf('POST', '/orchestrator/check')).toBe(403)
  expect(await statusOf('GET', '/settings/tokens')).toBe(403)
  const asPage = await app.inject({ url: `${registry}/agents`, headers: { accept: 'text/html' } })
  expect(asPage.json()).toMatchObject([{ agent_id: 'writer' }])
  const missing = await app.inject({ url: `${registry}/agents/none`, headers: { accept: 'text/html' } })
  expect(missing.headers['content-type']).toBe('text/plain; charset=utf-8')
})

test('the token in an address is neither logged nor answered', async () => {
  const texts: string[] = []
  const logger = pino({ level: 'trace' }, { write: (text: string) => void texts.push(text) })
  const { app, registry, secret } = await buildRegistry({}, { logger })
  const addresses = ['/agents', '/agents/none', '/agents/none/nothing', '/runs', '', '/agents/%zz', '/agents?nothing=1']
  for (const address of addresses) {
    for (const accept of ['application/json', 'text/html']) {
      const answer = await app.inject({ url: registry + address, headers: { accept } })
      expect(JSON.stringify([answer.headers, answer.payload]), address).not.toContain(secret)
    }
  }
  await register(app, '/r/ca_wrong-token')
  await expect.poll(() => texts.join()).toContain('/r/***/agents/none/nothing')
  expect(texts.join()).not.toContain(secret)
  expect(texts.join()).not.toContain('wrong-token')
})

test('agents at chosen addresses register without a token, and do nothing else', async () => {
  const { app } = await buildRegistry({ registerFrom: ['10.0.0.0/24', '2001:db8::/32'] })
  const from = async (remoteAddress: string, url = '/agents', headers: Record<string, string> = {}) =>
    (await app.inject({ url, remoteAddress, headers })).statusCode
  const payload = announcement
  const remoteAddress = '10.0.0.7'
  const registered = await app.inject({ method: 'POST', url: '/agents/register', remoteAddress, payload })
  expect(registered.statusCode).toBe(200)
  expect(await from('::ffff:10.0.0.7')).toBe(200)
  expect(await from('2001:db8::7')).toBe(200)
  expect(await from('10.0.1.7', '/agents', { accept: 'application/json' })).toBe(401)
  expect(await from('10.0.0.7', '/agents', { 'x-forwarded-for': '10.0.0.9' })).toBe(401)
  expect(await from('10.0.0.7', '/runs', { accept: 'application/json' })).toBe(401)
  const own = await ask(app, await cookieFor(app, 'ann'), '/agents', {
    remoteAddress,
    headers: { accept: 'text/html' },
  })
  expect(own.payload).toContain('<title>')
})

test('a token for some agents registers these alone, also before they are known', async () => {
  const { app } = await buildRegistry()
  const { secret } = await app.orchestrator.access.tokens.create(
    { ...tokens, name: 'writers', agents: ['writer', 'editor'] },
    localActor,
  )
  const registry = `/r/${secret}`
  expect((await register(app, registry)).status).toBe(200)
  const other = { ...announcement, agent_id: 'scraper' }
  const refused = await asPython(app, 'POST', `${registry}/agents/register`, other)
  expect([refused.status, refused.json.detail]).toEqual([403, 'This token is not for the agent "scraper".'])
  const cookie = await cookieFor(app, 'ann')
  expect((await ask(app, cookie, '/agents')).json()).toMatchObject([{ agent_id: 'writer' }])
  const { secret: ofAll } = await app.orchestrator.access.tokens.create({ ...tokens, name: 'all' }, localActor)
  expect((await asPython(app, 'POST', `/r/${ofAll}/agents/register`, other)).status).toBe(200)
  expect(await asPython(app, 'GET', `${registry}/agents`)).toMatchObject({ json: [{ agent_id: 'writer' }] })
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/heartbeat'],
    ['DELETE', ''],
  ] as const)
    expect((await asPython(app, method, `${registry}/agents/scraper${path}`)).status).toBe(404)
  expect(await asPython(app, 'GET', `/r/${ofAll}/agents/scraper`)).toMatchObject({ json: { agent_id: 'scraper' } })
})
