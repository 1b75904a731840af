import { expect, test } from 'vitest'
import { followProvider, startProvider } from '../support/access/oidc-provider.ts'
import { addUser, ask, cookieFor, cookieOf } from '../support/access/people.ts'
import { submit, type TestApp } from '../support/app.ts'
import { openTwo, roundRobin } from '../support/cluster/two-dashboards.ts'

const asPerson = { accept: 'text/html' }
const asForm = { ...asPerson, 'content-type': 'application/x-www-form-urlencoded' }
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const openTwoForPeople = () => openTwo({ host: '0.0.0.0' }, { passwordLogCost: 4 })

test('a setup link of one is good at the other, once; login, sessions and logout are of all', async () => {
  const [one, two] = await openTwoForPeople()
  const token = await one.orchestrator.access.setup.begin()
  const given = { username: 'ann', password: 'password of ann' }
  expect((await two.inject({ url: '/login', headers: asPerson })).headers.location).toBe('/setup')
  const set = await submit(two, '/setup', { ...given, token })
  expect(set.status).toBe(303)
  expect((await submit(one, '/setup', { ...given, username: 'eve', token })).status).toBe(403)

  const proxy = roundRobin([one, two])
  const cookie = cookieOf(set.headers)
  for (const url of ['/', '/runs', '/orchestrator', '/settings/account', '/system', '/settings/audit'])
    for (const _ of [one, two])
      expect([url, (await proxy({ url, headers: { ...asPerson, cookie } })).statusCode]).toEqual([url, 200])
  const logOut = await proxy({ method: 'POST', url: '/logout', headers: { ...asForm, cookie }, payload: '' })
  expect(logOut.statusCode).toBe(303)
  for (const app of [two, one])
    expect((await app.inject({ url: '/runs', headers: { accept: 'application/json', cookie } })).statusCode).toBe(401)
})

test('whoever tries passwords at both has as many tries as at one', async () => {
  const [one, two] = await openTwoForPeople()
  await addUser(one, 'ann', 'admin')
  const proxy = roundRobin([one, two])
  const statuses: number[] = []
  for (let round = 0; round < 12; round++) {
    const payload = form({ username: 'ann', password: `guess ${round}` })
    statuses.push((await proxy({ method: 'POST', url: '/login', headers: asForm, payload })).statusCode)
  }
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
})

test('a single sign-on that begins at one may end at the other, once', async () => {
  const provider = await startProvider({ sub: 'id-of-olga', preferred_username: 'olga', groups: ['ops'] })
  const [one, two] = await openTwo({ ...provider.config, publicUrl: 'http://localhost:8000/' })
  const begun = await one.inject({ url: '/login/sso?next=/runs', headers: asPerson })
  const { pathname, search } = new URL(await followProvider(String(begun.headers.location)))
  const back = { url: pathname + search, headers: { ...asPerson, cookie: cookieOf(begun.headers) } }
  expect((await two.inject({ ...back, headers: asPerson })).statusCode).toBe(400)
  expect((await two.inject(back)).headers.location).toBe('/runs')
  const again = await one.inject(back)
  expect([again.statusCode, again.payload]).toEqual([400, expect.stringContaining('was used already')])
})

test('tokens and roles that change at one hold at the other at once', async () => {
  const [one, two] = await openTwoForPeople()
  await addUser(one, 'ann', 'admin')
  const vic = await addUser(one, 'vic', 'viewer')
  const [asAnn, asVic] = [await cookieFor(one, 'ann'), await cookieFor(two, 'vic')]
  const change = (app: TestApp, url: string, fields: object, method: 'POST' | 'DELETE' = 'POST') =>
    ask(app, asAnn, url, { method, payload: JSON.stringify(fields), headers: { 'content-type': 'application/json' } })

  const made = await change(two, '/settings/tokens', { name: 'ci', kind: 'api', role: 'viewer', expires_in_days: 30 })
  expect(made.statusCode, made.payload).toBeLessThan(300)
  const { token, token_id: id } = made.json()
  const authorization = `Bearer ${token}`
  const withToken = async (app: TestApp) =>
    (await app.inject({ url: '/runs', headers: { accept: 'application/json', authorization } })).statusCode
  expect([await withToken(one), await withToken(two)]).toEqual([200, 200])
  expect((await change(one, `/settings/tokens/${id}`, {}, 'DELETE')).statusCode).toBe(200)
  expect([await withToken(two), await withToken(one)]).toEqual([401, 401])

  const sees = async (app: TestApp) => (await ask(app, asVic, '/settings/audit')).statusCode
  expect([await sees(one), await sees(two)]).toEqual([403, 403])
  expect((await change(two, `/settings/users/${vic.id}`, { role: 'admin' })).statusCode).toBe(200)
  expect([await sees(one), await sees(two)]).toEqual([200, 200])
})
