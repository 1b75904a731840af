import { expect, test } from 'vitest'
import type { AuditEntry } from '../../src/store/ports/audit.ts'
import { ask, buildAppWithUsers, cookieFor, logIn } from '../support/access/people.ts'
import { startAgent } from '../support/agents/agent.ts'
import { examplesOf, urlOf } from '../support/api/operations.ts'
import { exampleWorld } from '../support/api/world.ts'
import type { TestApp } from '../support/app.ts'

const entriesOf = async (app: TestApp, max = 100) => (await app.orchestrator.audit.list({}, { max })).entries
const said = ({ actorName, action, subjectKind, subjectId, subjectName }: AuditEntry) =>
  [actorName, action, subjectKind, subjectName ?? subjectId].filter((word) => word !== null).join(' ')

/** Agents and programs tell of themselves; the others change nothing that is kept. */
const leavesNothing = new Set([
  'POST /agents/{id}/heartbeat',
  'POST /runs',
  'POST /runs/{id}',
  'POST /orchestrator/test',
  'POST /runs/bulk/{id}/stop',
  'POST /runs/bulk/{id}/close',
])
/** Nothing is expired in the world. */
const removesNone = 'POST /orchestrator/remove-expired'

test('every request that changes something leaves one entry, with who asked and from where', async () => {
  const world = await exampleWorld('a run that goes on')
  const { app } = world
  const { all, headersOf } = await world.withPeople()
  const changing = all.filter(({ method }) => method !== 'GET').toSorted((a, b) => rank(a.name) - rank(b.name))
  const found: Record<string, string[]> = {}
  for (const described of changing) {
    const { name, method, path } = described
    const { body, ...values } = examplesOf(described)!
    await world.prepare(name)
    const before = (await entriesOf(app))[0]
    const answer = await app.inject({
      method,
      url: world.inWorld(urlOf(path, values)),
      headers: {
        accept: 'application/json',
        ...headersOf('admin', described),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { payload: world.inWorld(JSON.stringify(body)) }),
    })
    expect(answer.statusCode, `${name} ${answer.payload}`).toBeLessThan(410)
    const after = await entriesOf(app)
    // A bulk action ends some time after it began.
    const news = after
      .slice(0, before ? after.findIndex(({ position }) => position === before.position) : undefined)
      .filter(({ action }) => action !== 'bulk.end')
    found[name] = news.map(({ action }) => action)
    expect.soft(news, name).toHaveLength(leavesNothing.has(name) || name === removesNone ? 0 : 1)
    for (const entry of news)
      expect(entry, name).toMatchObject({
        actorId: expect.stringMatching(/^(?:user|token):/),
        actorName: name === 'POST /login' ? 'ann' : 'admin',
        address: '127.0.0.1',
      })
  }
  expect(new Set(Object.values(found).flat()).size).toBeGreaterThan(10)
  expect(found['POST /orchestrator/{id}/execute']).toEqual(['run.execute'])
  expect(found['POST /runs/{id}/rerun']).toEqual(['run.rerun'])
  expect(found['DELETE /orchestrator/{id}']).toEqual(['agent.remove'])
})

const rank = (name: string) => (name.endsWith('/cancel') ? 0 : name.startsWith('POST') ? 1 : 2)

test('people are recorded by name: how they come and go, and what they do', async () => {
  const app = await buildAppWithUsers({ ann: 'admin', olga: 'operator' })
  const cookie = await cookieFor(app, 'olga')
  const agent = await startAgent()
  await ask(app, await cookieFor(app, 'ann'), '/orchestrator/register', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url }),
  })
  await ask(app, cookie, '/orchestrator/check', { method: 'POST' })
  await ask(app, cookie, '/runs')
  await ask(app, cookie, '/logout', { method: 'POST' })
  await logIn(app, 'Olga', 'a wrong password')
  await logIn(app, 'what may be a password', 'a wrong password')
  const entries = await entriesOf(app)
  expect(entries.map(said).reverse()).toEqual([
    'local user.add user ann',
    'local user.add user olga',
    'olga session.login',
    'ann session.login',
    'ann agent.register agent Writer',
    'olga agent.check',
    'olga session.logout',
    'nobody session.refuse user olga',
    'nobody session.refuse',
  ])
  expect(entries.slice(0, -2).every(({ address }) => address === '127.0.0.1')).toBe(true)
  expect(JSON.stringify(entries)).not.toContain('password')
})

test('which agents somebody may see from then on is recorded with the role', async () => {
  const app = await buildAppWithUsers({ ann: 'admin', bob: 'viewer' })
  const admin = await cookieFor(app, 'ann')
  const post = (url: string, body: object) =>
    ask(app, admin, url, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) },
    })
  const agent = await startAgent()
  const ids = ['writer', ...Array.from({ length: 20 }, (_, at) => `agent-with-a-long-id-${at}`)]
  for (const id of ids)
    await post('/orchestrator/register', { agent_id: id, agent_name: id, agent_url: agent.url, anyway: true })
  const bob = (await app.orchestrator.access.users.named('bob')).id
  for (const agents of [['writer'], null, ids]) await post(`/settings/users/${bob}`, { agents })
  const token = { kind: 'registration', agents: ['to-come'], expires_in_days: 1 }
  await post('/settings/tokens', { name: 'agents', ...token })

  const details = (await entriesOf(app)).filter(({ action }) => /^(user|token)/.test(action)).map((one) => one.details)
  expect(details.reverse()).toEqual([
    { role: 'admin', sees: 'all' },
    { role: 'viewer', sees: 'all' },
    { role: 'viewer', sees: 'some', agents: 'writer' },
    { role: 'viewer', sees: 'all' },
    { role: 'viewer', sees: 'some', agents: expect.stringMatching(/^writer, agent-with.*… \(21 in all\)$/) },
    { kind: 'registration', sees: 'some', agents: 'to-come' },
  ])
  const html = (await ask(app, admin, '/settings/audit', { headers: { accept: 'text/html' } })).payload
  expect(html).toContain('for registration · only to-come')
  expect(html).toContain('as viewer · all agents')
})
