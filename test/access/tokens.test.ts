import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, page, register, removePartial, submit, submitPartial } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { rawRows } from '../support/store/raw.ts'

const json = { 'content-type': 'application/json' }
const bearer = (token: string, headers = {}) => ({
  headers: { accept: 'application/json', authorization: `Bearer ${token}`, ...headers },
})
const forEver = { expires_in_days: null }

const create = (app: FastifyInstance, cookie: string, body: object) =>
  ask(app, cookie, '/settings/tokens', { method: 'POST', headers: json, payload: JSON.stringify(body) })

async function tokenFor(app: FastifyInstance, cookie: string, role = 'admin', more: object = {}) {
  const answer = await create(app, cookie, { name: `of ${role}`, role, ...forEver, ...more })
  expect(answer.statusCode, answer.payload).toBe(201)
  return answer.json() as { token: string; token_id: string }
}

test('a token is shown once, and may what it was made for', async () => {
  const app = await buildAppWithUsers()
  const cookie = await cookieFor(app, 'ann')
  const { token, ...shown } = await tokenFor(app, cookie, 'operator', { name: 'nightly', expires_in_days: 90 })
  expect(token).toMatch(/^ca_[\w-]{43}$/)
  expect(shown).toMatchObject({ name: 'nightly', kind: 'api', role: 'operator', agents: null, created_by: 'ann' })

  expect((await app.inject({ url: '/runs', ...bearer(token) })).statusCode).toBe(200)
  const checked = await app.inject({ method: 'POST', url: '/orchestrator/check', ...bearer(token) })
  expect(checked.statusCode).toBe(200)
  const refused = await app.inject({ url: '/settings/tokens', ...bearer(token) })
  expect(refused.statusCode).toBe(403)
  expect(refused.json().detail).toBe('This needs the role admin. nightly has the role operator.')

  const listed = async () => (await ask(app, cookie, '/settings/tokens')).json().tokens
  await expect.poll(listed).toEqual([{ ...shown, last_used_at: expect.stringMatching(/Z$/) }])
  const rows = JSON.stringify(await rawRows(app, 'SELECT * FROM dashboard_tokens', 'SELECT * FROM tokens'))
  expect(rows).toContain('nightly')
  expect(rows).not.toContain(token.slice(3))
})

test('a token that has expired or was removed is refused at once', async () => {
  const clock = createTestClock()
  const app = await buildAppWithUsers({ ann: 'admin' }, {}, { clock })
  const cookie = await cookieFor(app, 'ann')
  const short = await tokenFor(app, cookie, 'viewer', { name: 'short', expires_in_days: 1 })
  const long = await tokenFor(app, cookie, 'viewer', { name: 'long' })
  const statusOf = async ({ token }: { token: string }) =>
    (await app.inject({ url: '/runs', ...bearer(token) })).statusCode
  expect([await statusOf(short), await statusOf(long)]).toEqual([200, 200])
  await clock.advance(24 * 3_600_000)
  expect([await statusOf(short), await statusOf(long)]).toEqual([401, 200])
  const removed = await ask(app, cookie, `/settings/tokens/${long.token_id}`, { method: 'DELETE' })
  expect(removed.json()).toEqual({ status: 'removed', token_id: long.token_id })
  expect([await statusOf(short), await statusOf(long)]).toEqual([401, 401])
  expect((await ask(app, cookie, `/settings/tokens/${long.token_id}`, { method: 'DELETE' })).statusCode).toBe(404)
})

test('a request with a token may come from anywhere, but is for our host alone', async () => {
  const app = await buildAppWithUsers()
  const cookie = await cookieFor(app, 'ann')
  const { token } = await tokenFor(app, cookie)
  const elsewhere = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }
  const post = async (headers: object) =>
    (await app.inject({ method: 'POST', url: '/orchestrator/check', headers: headers as Record<string, string> }))
      .statusCode
  expect(await post({ ...bearer(token).headers, ...elsewhere })).toBe(200)
  expect(await post({ cookie, ...elsewhere })).toBe(403)
  expect(await post({ ...bearer('ca_unknown').headers, ...elsewhere, cookie })).toBe(401)
  expect(await post({ ...bearer(token).headers, host: 'elsewhere.example' })).toBe(421)
})

test('a session beside a token counts for nothing', async () => {
  const app = await buildAppWithUsers()
  const cookie = await cookieFor(app, 'ann')
  const { token } = await tokenFor(app, cookie, 'viewer')
  expect((await app.inject({ url: '/settings/tokens', ...bearer(token, { cookie }) })).statusCode).toBe(403)
  expect((await app.inject({ url: '/settings/tokens', ...bearer('ca_wrong', { cookie }) })).statusCode).toBe(401)
})

test('only admins make tokens, and what is wrong with one is named', async () => {
  const app = await buildAppWithUsers({ ann: 'admin', olga: 'operator' })
  const cookie = await cookieFor(app, 'ann')
  const good = { name: 'ci', role: 'viewer', ...forEver }
  expect((await create(app, await cookieFor(app, 'olga'), good)).statusCode).toBe(403)
  await tokenFor(app, cookie, 'viewer', { name: 'CI' })
  const wrong: [string, object][] = [
    ['name', good],
    ['name', { ...good, name: ' ' }],
    ['role', { ...good, name: 'a', role: undefined }],
    ['role', { ...good, name: 'a', role: 'owner' }],
    ['role', { ...good, name: 'a', kind: 'registration' }],
    ['kind', { ...good, name: 'a', kind: 'other' }],
    ['agents', { ...good, name: 'a', agents: [] }],
    ['agents', { ...good, name: 'a', agents: [''] }],
    ['agents', { ...good, name: 'a', agents: ['nobody'] }],
    ['agents', { ...good, name: 'a', role: 'admin', agents: ['writer'] }],
    ['agent', { ...good, name: 'a', agent: ['writer'] }],
    ['expires_in_days', { name: 'a', role: 'viewer' }],
    ['expires_in_days', { ...good, name: 'a', expires_in_days: 0 }],
  ]
  for (const [field, body] of wrong) {
    const answer = await create(app, cookie, body)
    expect(answer.statusCode, answer.payload).toBe(422)
    expect(answer.json().errors.map((error: { field: string }) => error.field)).toEqual([field])
  }
  expect((await ask(app, cookie, '/settings/tokens')).json().tokens).toHaveLength(1)
})

test('the page makes a token, shows it once, and removes it, without JavaScript', async () => {
  const app = await buildTestApp()
  expect((await page(app, '/settings/tokens')).text).toContain('No tokens.')
  const refused = await submit(app, '/settings/tokens', { name: '', scope: 'operator', sees: 'some', agent: 'a' })
  expect(refused.status).toBe(422)
  expect(refused.html.querySelector('#token-name-error')?.text).toContain('Give a name.')
  expect(refused.html.querySelector('#token-scope [selected]')?.getAttribute('value')).toBe('operator')

  const fields = { name: 'ci', scope: 'operator', expires_in_days: '30' }
  const made = await submit(app, '/settings/tokens', fields)
  expect(made.text).toContain('ci is ready. Copy it now; it is not shown again.')
  const secret = made.html.querySelector('#new-token')!.text
  expect(secret).toMatch(/^ca_/)
  const listed = await page(app, '/settings/tokens')
  expect(listed.text).toContain('Operator All')
  expect(listed.html.toString()).not.toContain(secret)

  const removePath = listed.html.querySelector('.removes')!.getAttribute('href')!
  expect((await page(app, removePath)).text).toContain('Remove ci?')
  expect((await submit(app, removePath)).status).toBe(303)
  expect((await page(app, '/settings/tokens')).text).toContain('No tokens.')
})

test('with JavaScript the dialog leaves a banner, and a removed row goes', async () => {
  const app = await buildTestApp()
  const made = await submitPartial(app, '/settings/tokens', { name: 'agents', scope: 'registration' })
  expect(made.status).toBe(200)
  expect(made.html.querySelector('hx-partial #new-token')?.text).toMatch(/^ca_/)
  expect(made.text).toContain('Registration All')
  const [{ token_id: id }] = (await ask(app, '', '/settings/tokens')).json().tokens
  const removed = await removePartial(app, `/settings/tokens/${id}`)
  expect(removed.text).toContain('Removed agents.')
  expect(removed.text).toContain('No tokens.')
})

test('the settings offer tokens to admins alone', async () => {
  const app = await buildAppWithUsers({ ann: 'admin', vic: 'viewer' })
  const seen = async (name: string) =>
    (await ask(app, await cookieFor(app, name), '/system', { headers: { accept: 'text/html' } })).payload
  expect(await seen('ann')).toContain('href="/settings/tokens"')
  expect(await seen('vic')).not.toContain('href="/settings/tokens"')
})

test('a token is for the agents that its form names; one for registration also for agents to come', async () => {
  const app = await buildTestApp()
  const agent = await startAgent()
  await register(app, agent.url, 'writer', 'Article Writer')
  await register(app, agent.url, 'scraper', 'Scraper')
  const fields = { expires_in_days: '30', sees: 'some', agent: 'writer' }
  const made = await submit(app, '/settings/tokens', { ...fields, name: 'ci', scope: 'viewer', new_agents: 'editor' })
  expect(made.text).toContain('Viewer Article Writer')
  const headers = { authorization: `Bearer ${made.html.querySelector('#new-token')!.text}`, accept: 'application/json' }
  expect((await app.inject({ url: '/orchestrator', headers })).json().agents).toMatchObject([{ agent_id: 'writer' }])
  expect((await app.inject({ url: '/orchestrator/scraper', headers })).statusCode).toBe(404)

  const refused = await submit(app, '/settings/tokens', { ...fields, name: 'none', scope: 'viewer', agent: '' })
  expect(refused.html.querySelector('#token-agents-error')?.text).toContain('is not the ID of an agent')
  await submit(app, '/settings/tokens', { ...fields, name: 'agents', scope: 'registration', new_agents: 'editor\n' })
  const { tokens } = (await api(app, 'GET', '/settings/tokens')).json
  expect(tokens.map(({ name, agents }: { name: string; agents: string[] }) => [name, agents])).toEqual([
    ['agents', ['writer', 'editor']],
    ['ci', ['writer']],
  ])
})
