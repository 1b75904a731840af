import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import type { Config } from '../../src/config.ts'
import { ask, buildAppWithUsers, cookieFor, logIn } from '../support/access/people.ts'

const config: Partial<Config> = {
  ...{ proxyUserHeader: 'x-user', proxyGroupsHeader: 'x-groups', trustedProxies: ['10.0.0.0/24', '::1'] },
  groupRoles: [
    ['ops', 'operator'],
    ['admins', 'admin'],
  ],
}
const proxy = '10.0.0.7'
const asOlga = { 'x-user': 'olga', 'x-groups': 'staff, ops' }

function from(remoteAddress: string, headers: Record<string, string | string[]>, method: 'GET' | 'POST' = 'GET') {
  const url = method === 'GET' ? '/runs' : '/orchestrator/check'
  return { method, url, remoteAddress, headers: { accept: 'application/json', ...headers } }
}

test('a proxy says who asks and in which groups they are; nobody else can', async () => {
  const app = await buildAppWithUsers({ ann: 'admin' }, config)
  expect((await app.inject(from(proxy, asOlga))).statusCode).toBe(200)
  expect((await app.inject(from('::ffff:10.0.0.7', asOlga))).statusCode).toBe(200)
  for (const spoofed of ['10.0.1.7', '127.0.0.1', '::2']) {
    const answer = await app.inject(from(spoofed, { ...asOlga, 'x-forwarded-for': proxy }))
    expect([spoofed, answer.statusCode]).toEqual([spoofed, 401])
  }
  expect((await app.inject(from(proxy, {}))).statusCode).toBe(401)
  const users = await app.orchestrator.access.users.all()
  expect(users.filter(({ source }) => source === 'proxy')).toMatchObject([{ name: 'olga', role: 'operator' }])
})

test('a header that comes twice lets nobody in', async () => {
  const app = await buildAppWithUsers({ ann: 'admin' }, config)
  for (const twice of [{ 'x-user': ['olga', 'ann'] }, { 'x-groups': ['ops', 'admins'] }]) {
    expect((await app.inject(from(proxy, { ...asOlga, ...twice }))).statusCode).toBe(400)
  }
})

test('without a role nobody gets in, and a role that changes counts at once', async () => {
  const app = await buildAppWithUsers({ ann: 'admin' }, config)
  const page = await app.inject({
    ...from(proxy, { 'x-user': 'eve', 'x-groups': 'op' }),
    headers: { accept: 'text/html', 'x-user': 'eve' },
  })
  expect(page.statusCode).toBe(403)
  expect(page.payload).toContain('none of your groups has a role in this dashboard')
  expect((await app.inject(from(proxy, asOlga, 'POST'))).statusCode).toBe(200)
  const removing = { ...from(proxy, asOlga, 'POST'), url: '/orchestrator/remove-expired' }
  expect((await app.inject(removing)).statusCode).toBe(403)
  const asAdmin = { ...removing, headers: { ...removing.headers, 'x-groups': 'admins' } }
  expect((await app.inject(asAdmin)).statusCode).toBe(200)
  expect((await app.inject(removing)).statusCode).toBe(403)
  expect((await app.inject(from(proxy, { 'x-user': 'olga' }))).statusCode).toBe(403)
})

test('a change of another web page is refused, whomever the proxy names', async () => {
  const app = await buildAppWithUsers({ ann: 'admin' }, config)
  const answer = await app.inject(from(proxy, { ...asOlga, origin: 'https://evil.example' }, 'POST'))
  expect(answer.statusCode).toBe(403)
  expect(answer.json().type).toBe('urn:configurable-agents:problem:foreign-origin')
})

test('whom the proxy names counts before a cookie of somebody else, and has no account of theirs', async () => {
  const app = await buildAppWithUsers({ ann: 'admin' }, config)
  const cookie = await cookieFor(app, 'ann')
  const removing = { method: 'POST', remoteAddress: proxy } as const
  expect((await ask(app, cookie, '/orchestrator/remove-expired', removing)).statusCode).toBe(200)
  const named = { ...removing, headers: { ...asOlga, 'x-user': 'ann' } }
  expect((await ask(app, cookie, '/orchestrator/remove-expired', named)).statusCode).toBe(403)
})

test('the bar names whom the proxy logged in, and offers no logout that would do nothing', async () => {
  const app = await buildAppWithUsers({ ann: 'admin' }, config)
  const { payload } = await app.inject({ ...from(proxy, asOlga), headers: { ...asOlga, accept: 'text/html' } })
  const menu = parse(payload).querySelector('#menu-who')!
  expect(menu.querySelector('summary')?.getAttribute('title')).toBe('olga, operator')
  expect(menu.text).toContain('The proxy in front of the dashboard logged you in. Log out there.')
  expect(menu.querySelectorAll('form')).toEqual([])
  expect(menu.querySelectorAll('a').map(({ text }) => text.trim())).toEqual(['Settings'])
})

test('names may have letters of all languages', async () => {
  const app = await buildAppWithUsers({}, config)
  const name = Buffer.from('Ольга').toString('latin1')
  expect((await app.inject(from(proxy, { ...asOlga, 'x-user': name }))).statusCode).toBe(200)
  expect(await app.orchestrator.access.users.all()).toMatchObject([{ name: 'Ольга' }])
})

test('nobody comes in under a name that cannot be seen, and what is hidden in one is not shown', async () => {
  const app = await buildAppWithUsers({}, config)
  const as = (name: string) => ({ ...asOlga, 'x-user': Buffer.from(name).toString('latin1') })
  for (const unseen of ['\u200b', '\u3164', '\u2800 \u2060'])
    expect((await app.inject(from(proxy, as(unseen)))).statusCode).toBe(400)
  expect((await app.inject(from(proxy, as('ol\u202ega\u3164')))).statusCode).toBe(200)
  expect(await app.orchestrator.access.users.all()).toMatchObject([{ name: 'olga' }])
})

test('tries to log in count for the address that a trusted proxy names, and for no other', async () => {
  const app = await buildAppWithUsers({ ann: 'admin' }, config)
  const tryAs = async (remoteAddress: string, person: string, name: string) => {
    const headers = { accept: 'application/json', 'content-type': 'application/json', 'x-forwarded-for': person }
    return (await logIn(app, name, 'wrong password', { remoteAddress, headers })).statusCode
  }
  for (let tries = 0; tries < 20; tries++) await tryAs(proxy, '192.0.2.1', `name ${tries}`)
  expect(await tryAs(proxy, '192.0.2.1', 'bob')).toBe(429)
  expect(await tryAs(proxy, '192.0.2.2', 'bob')).toBe(401)
  for (let tries = 0; tries < 20; tries++) await tryAs('10.0.1.7', `192.0.3.${tries}`, `name ${tries}`)
  expect(await tryAs('10.0.1.7', '192.0.3.99', 'eve')).toBe(429)
})
