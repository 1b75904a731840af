import type { FastifyInstance } from 'fastify'
import { type HTMLElement, parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { ask, buildAppWithUsers, cookieFor, passwordOf } from '../support/access/people.ts'
import { startAgent } from '../support/agents/agent.ts'
import { page, submit } from '../support/app.ts'
import { wordsOf } from '../support/html.ts'

const browser = { accept: 'text/html' }

/** A form of somebody's browser without JavaScript. */
async function send(app: FastifyInstance, cookie: string, url: string, fields: Record<string, string> = {}) {
  const headers = { ...browser, 'content-type': 'application/x-www-form-urlencoded' }
  const payload = new URLSearchParams(fields).toString()
  const {
    statusCode: status,
    headers: sent,
    payload: text,
  } = await ask(app, cookie, url, { method: 'POST', headers, payload })
  return { status, location: sent.location, html: parse(text) }
}

function sendJson(app: FastifyInstance, cookie: string, method: 'POST' | 'DELETE', url: string, body: object = {}) {
  const headers = { 'content-type': 'application/json' }
  return ask(app, cookie, url, { method, headers, payload: JSON.stringify(body) })
}

const show = async (app: FastifyInstance, cookie: string, url: string) =>
  parse((await ask(app, cookie, url, { headers: browser })).payload)

async function withPeople() {
  const app = await buildAppWithUsers({ ann: 'admin', bob: 'viewer' })
  const [ann, bob] = await app.orchestrator.access.users.all()
  return { app, ann: ann!, bob: bob!, admin: await cookieFor(app, 'ann'), viewer: await cookieFor(app, 'bob') }
}

test('an admin sees who may log in, as what, and which of them they are', async () => {
  const { app, admin } = await withPeople()
  const html = await show(app, admin, '/settings/users')
  const rows = html
    .querySelectorAll('.people tbody tr')
    .map((row) => row.querySelectorAll('td').slice(0, 5).map(wordsOf))
  expect(rows).toEqual([
    ['ann you', 'Admin', 'All', expect.any(String), 'Password'],
    ['bob', 'Viewer', 'All', expect.any(String), 'Password'],
  ])
  const { users } = (await ask(app, admin, '/settings/users')).json()
  expect(users[1]).toMatchObject({ name: 'bob', role: 'viewer', agents: null, logs_in_by: 'password' })
  expect(JSON.stringify(users)).not.toContain('scrypt')
})

test('an admin adds a user by form or JSON; what is wrong is said at its field, and only the password is typed again', async () => {
  const { app, admin } = await withPeople()
  const typed = { name: 'olga', password: 'short', role: 'operator', sees: 'some', agent: 'writer' }
  const refused = await send(app, admin, '/settings/users', typed)
  expect(refused.status).toBe(422)
  expect(wordsOf(refused.html.querySelector('#user-password-error'))).toBe('A password has at least 8 characters.')
  expect(refused.html.querySelector('#user-name')?.getAttribute('value')).toBe('olga')
  expect(refused.html.querySelector('#user-password')?.getAttribute('value')).toBeUndefined()
  expect(refused.html.querySelector('input[checked]')?.getAttribute('value')).toBe('operator')

  expect(await send(app, admin, '/settings/users', { ...typed, password: passwordOf('olga') })).toMatchObject({
    status: 422,
  })
  const whole = { ...typed, password: passwordOf('olga'), sees: 'all' }
  expect(await send(app, admin, '/settings/users', whole)).toMatchObject({
    status: 303,
    location: '/settings/users',
  })
  const olga = (await ask(app, admin, '/settings/users'))
    .json()
    .users.find(({ name }: { name: string }) => name === 'olga')
  expect(olga).toMatchObject({ role: 'operator', agents: null })
  await cookieFor(app, 'olga')

  const body = { name: 'OLGA', password: passwordOf('olga'), role: 'viewer' }
  const taken = await sendJson(app, admin, 'POST', '/settings/users', body)
  expect(taken.json()).toMatchObject({ status: 422, errors: [{ field: 'name' }] })
  const added = await sendJson(app, admin, 'POST', '/settings/users', { ...body, name: 'pat' })
  expect(added.json()).toMatchObject({ name: 'pat', role: 'viewer', agents: null, last_active_at: null })
})

const lookAlikes = ['ann\u034f', 'a\u115fnn', 'ann\u3164', 'ann\ufe0f', 'ann\u{e0100}', 'ann  lee', 'a\u200bnn']

test('no name looks like another one', async () => {
  const { app, admin } = await withPeople()
  const asked = lookAlikes.flatMap((name) => [
    ['/settings/users', { name, password: passwordOf('ann'), role: 'viewer' }] as const,
    ['/settings/tokens', { name, kind: 'api', role: 'viewer', expires_in_days: 1 }] as const,
  ])
  for (const [url, body] of asked) {
    const answer = await sendJson(app, admin, 'POST', url, body)
    expect(answer.json(), JSON.stringify(body)).toMatchObject({ status: 422, errors: [{ field: 'name' }] })
  }
})

test('without a user, the first has to be an admin, who then logs in', async () => {
  const app = await buildAppWithUsers({})
  expect((await page(app, '/settings/users')).text).toContain('No users yet')
  const first = { name: 'ann', password: passwordOf('ann') }
  const refused = await submit(app, '/settings/users', { ...first, role: 'viewer' })
  expect(refused.text).toContain('The first user has to be an admin')
  expect((await submit(app, '/settings/users', { ...first, role: 'admin' })).status).toBe(303)
  expect((await page(app, '/settings/users')).headers.location).toMatch(/^\/login/)
  await cookieFor(app, 'ann')
})

test('a changed role counts at once, and the last admin stays one', async () => {
  const { app, ann, bob, admin, viewer } = await withPeople()
  const url = `/settings/users/${bob.id}`
  expect((await send(app, admin, url, { role: 'operator', sees: 'all' })).status).toBe(303)
  expect((await ask(app, viewer, '/orchestrator/check', { method: 'POST' })).statusCode).toBe(200)
  const refused = await send(app, admin, `/settings/users/${ann.id}`, { role: 'viewer', sees: 'all' })
  expect(refused.status).toBe(409)
  const sentence = 'ann is the last admin with a password. Make somebody else an admin first.'
  expect(wordsOf(refused.html.querySelector('.form-error'))).toBe(sentence)
  const removed = await send(app, admin, `/settings/users/${ann.id}/remove`)
  expect(wordsOf(removed.html.querySelector('.form-error'))).toBe(sentence)
})

test('a new password from an admin ends the sessions of that user', async () => {
  const { app, bob, admin, viewer } = await withPeople()
  const url = `/settings/users/${bob.id}/password`
  expect((await send(app, admin, url, { password: 'short' })).status).toBe(422)
  expect((await send(app, admin, url, { password: 'a new password' })).status).toBe(303)
  expect((await ask(app, viewer, '/runs')).statusCode).toBe(401)
  await cookieFor(app, 'bob', 'a new password')
})

test('removing a user is asked first, and logs them out', async () => {
  const { app, bob, admin, viewer } = await withPeople()
  const question = await show(app, admin, `/settings/users/${bob.id}/remove`)
  expect(wordsOf(question.querySelector('.title'))).toBe('Remove bob?')
  expect((await ask(app, viewer, '/runs')).statusCode).toBe(200)
  expect((await sendJson(app, admin, 'DELETE', `/settings/users/${bob.id}`)).json()).toEqual({ status: 'removed' })
  expect((await ask(app, viewer, '/runs')).statusCode).toBe(401)
})

test('people see and end their own sessions; an admin those of everyone', async () => {
  const { app, bob, admin, viewer } = await withPeople()
  const other = await cookieFor(app, 'bob')
  const { sessions } = (await ask(app, viewer, '/settings/account')).json()
  expect(sessions.map(({ is_this }: { is_this: boolean }) => is_this).sort()).toEqual([false, true])
  const html = await show(app, viewer, '/settings/account')
  expect(html.querySelectorAll('.people tbody .tag').map(wordsOf)).toEqual(['this one'])
  const ofAdmin = (await ask(app, admin, '/settings/account')).json().sessions[0].session_id
  expect((await send(app, viewer, `/settings/sessions/${ofAdmin}/end`)).status).toBe(403)
  expect((await send(app, viewer, '/settings/sessions/none/end')).status).toBe(403)
  expect((await send(app, viewer, '/settings/account/end-others')).location).toBe('/settings/account')
  expect((await ask(app, other, '/runs')).statusCode).toBe(401)
  expect((await ask(app, viewer, '/runs')).statusCode).toBe(200)
  const left = (await ask(app, admin, `/settings/users/${bob.id}/sessions`)).json().sessions
  expect(left).toHaveLength(1)
  await send(app, admin, `/settings/sessions/${left[0].session_id}/end`)
  expect((await ask(app, viewer, '/runs')).statusCode).toBe(401)
})

test('people change their own password with the old one, which ends their other sessions', async () => {
  const { app, viewer } = await withPeople()
  const other = await cookieFor(app, 'bob')
  const change = (old: string, password: string) => send(app, viewer, '/settings/account/password', { old, password })
  const wrong = await change('not it', 'a new password')
  expect([wrong.status, wordsOf(wrong.html.querySelector('#old-error'))]).toEqual([422, 'This is not your password.'])
  const short = await change(passwordOf('bob'), 'short')
  expect(wordsOf(short.html.querySelector('#password-error'))).toBe('A password has at least 8 characters.')
  expect((await ask(app, other, '/runs')).statusCode).toBe(200)
  expect((await change(passwordOf('bob'), 'a new password')).location).toBe('/settings/account')
  expect((await ask(app, viewer, '/runs')).statusCode).toBe(200)
  expect((await ask(app, other, '/runs')).statusCode).toBe(401)
  for (let tries = 0; tries < 10; tries++) await change('not it', 'a new password')
  expect((await change('a new password', 'another password')).status).toBe(429)
})

test('users are for admins, an account is for who has logged in', async () => {
  const { app, viewer } = await withPeople()
  expect((await ask(app, viewer, '/settings/users')).statusCode).toBe(403)
  const side = (await show(app, viewer, '/settings/account')).querySelectorAll('.settings-side a').map(wordsOf)
  expect(side).toContain('Account')
  expect(side).not.toContain('Users')
  const open = await buildAppWithUsers({})
  expect((await page(open, '/settings/account')).status).toBe(403)
})

test('an admin chooses by name which agents somebody sees; a list that has none is refused, and never all', async () => {
  const { app, ann, bob, admin, viewer } = await withPeople()
  const agent = await startAgent()
  await app.orchestrator.register({ agent_id: 'w1', agent_name: 'Writer', agent_url: agent.url }, localActor)
  await app.orchestrator.register({ agent_id: 'scraper', agent_name: 'scraper', agent_url: agent.url }, localActor)
  const url = `/settings/users/${bob.id}`
  const agentsOf = async (name: string) =>
    (await ask(app, admin, '/settings/users')).json().users.find((user: { name: string }) => user.name === name).agents
  const choices = (html: HTMLElement) =>
    html
      .querySelectorAll('.seen-agents input')
      .map((input) => [input.getAttribute('value'), wordsOf(input.closest('label')!), input.hasAttribute('checked')])
  expect(choices(await show(app, admin, url))).toEqual([
    ['all', 'All agents', true],
    ['some', 'Only these', false],
    ['scraper', 'scraper', false],
    ['w1', 'Writer w1', false],
  ])

  const wrong: [fields: Record<string, string>, message: string][] = [
    [{ role: 'viewer', sees: 'some' }, 'Choose at least one agent, or all of them.'],
    [{ role: 'viewer', sees: 'some', agent: 'nobody' }, 'There is no agent "nobody".'],
    [{ role: 'admin', sees: 'some', agent: 'w1' }, 'An admin sees all agents. Choose another role, or all agents.'],
  ]
  for (const [fields, message] of wrong) {
    const refused = await send(app, admin, url, fields)
    expect([refused.status, wordsOf(refused.html.querySelector('#user-agents-error'))]).toEqual([422, message])
    expect(choices(refused.html).filter(([value, , isChosen]) => value === 'some' && isChosen)).toHaveLength(1)
  }
  expect((await sendJson(app, admin, 'POST', url, { agents: [] })).json().errors).toMatchObject([{ field: 'agents' }])
  expect(await agentsOf('bob')).toBeNull()

  // What they see changes with their next request.
  const seen = async () =>
    (await ask(app, viewer, '/orchestrator')).json().agents.map((one: { agent_id: string }) => one.agent_id)
  expect(await seen()).toEqual(['scraper', 'w1'])
  expect((await send(app, admin, url, { role: 'viewer', sees: 'some', agent: 'w1' })).status).toBe(303)
  expect(await seen()).toEqual(['w1'])
  const rows = (await show(app, admin, '/settings/users')).querySelectorAll('.people tbody tr')
  expect(rows.map((row) => wordsOf(row.querySelectorAll('td')[2]!))).toEqual(['All', 'Writer'])

  // One that is removed stays chosen: the list does not become empty, and then all.
  await app.orchestrator.remove('w1', localActor)
  expect(await seen()).toEqual([])
  expect(choices(await show(app, admin, url)).slice(-1)).toEqual([['w1', 'w1 not registered', true]])
  expect((await send(app, admin, url, { role: 'operator', sees: 'some', agent: 'w1' })).status).toBe(303)
  expect(await agentsOf('bob')).toEqual(['w1'])

  // An admin sees all, and somebody who is none any more what they saw before.
  expect((await sendJson(app, admin, 'POST', url, { role: 'admin' })).json()).toMatchObject({ agents: null })
  expect(await seen()).toEqual(['scraper'])
  expect((await sendJson(app, admin, 'POST', url, { role: 'viewer' })).json()).toMatchObject({ agents: ['w1'] })
  expect(await seen()).toEqual([])
  expect((await sendJson(app, admin, 'POST', `/settings/users/${ann.id}`, { agents: ['scraper'] })).statusCode).toBe(
    422,
  )
})
