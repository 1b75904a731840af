import { expect, test } from 'vitest'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { page } from '../support/app.ts'

const json = { 'content-type': 'application/json' }

test('a viewer reads, an operator runs things, an admin changes what is there', async () => {
  const app = await buildAppWithUsers({ ann: 'admin', olga: 'operator', vic: 'viewer' })
  const cookies = await Promise.all(['vic', 'olga', 'ann'].map((name) => cookieFor(app, name)))
  const statusesOf = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: string) =>
    Promise.all(
      cookies.map(
        async (cookie) =>
          (await ask(app, cookie, url, { method, ...(payload !== undefined && { payload, headers: json }) }))
            .statusCode,
      ),
    )
  expect(await statusesOf('GET', '/runs')).toEqual([200, 200, 200])
  expect(await statusesOf('POST', '/orchestrator/writer/execute', '{"inputs":{}}')).toEqual([403, 404, 404])
  expect(await statusesOf('DELETE', '/orchestrator/writer')).toEqual([403, 403, 404])
  const refused = await ask(app, cookies[0]!, '/orchestrator/check', { method: 'POST' })
  expect(refused.json()).toMatchObject({
    type: 'urn:configurable-agents:problem:forbidden',
    detail: 'This needs the role operator. vic has the role viewer.',
  })
})

test('where anyone may look, who has not logged in reads, and changes nothing', async () => {
  const app = await buildAppWithUsers({ ann: 'admin' }, { anyoneMayLook: true })
  expect((await ask(app, '', '/runs')).statusCode).toBe(200)
  expect((await ask(app, '', '/orchestrator/check', { method: 'POST' })).statusCode).toBe(401)
  const users = await page(app, '/settings/users')
  expect(users).toMatchObject({ status: 303, headers: { location: '/login?next=%2Fsettings%2Fusers' } })
  expect((await ask(app, await cookieFor(app, 'ann'), '/orchestrator/check', { method: 'POST' })).statusCode).toBe(200)
})

test('where anyone may look, a page learns that its session has ended, also where nothing has changed', async () => {
  const app = await buildAppWithUsers({ vic: 'viewer' }, { anyoneMayLook: true })
  const cookie = await cookieFor(app, 'vic')
  const poll = async (sent: string, etag = '') => {
    const headers = { accept: 'text/html', 'hx-request': 'true', 'if-none-match': etag }
    const answer = await ask(app, sent, '/orchestrator/health-check', { headers })
    return [answer.statusCode, answer.headers['x-logged-out'], String(answer.headers.etag)] as const
  }
  const [, , etag] = await poll(cookie)
  expect(await poll('', etag)).toEqual([304, '1', etag])
  expect(await poll(cookie, etag)).toEqual([304, '', etag])
  expect(await poll('')).toEqual([200, '1', etag])
})

test('a token that is not valid is refused, also where none is needed', async () => {
  const app = await buildAppWithUsers({})
  const answer = await app.inject({
    url: '/runs',
    headers: { authorization: 'Bearer ca_unknown', accept: 'application/json' },
  })
  expect(answer.statusCode).toBe(401)
  expect(answer.json().detail).toBe('This token is invalid or has expired.')
})

test('a page that was rendered for one is not shown to another', async () => {
  const app = await buildAppWithUsers({ ann: 'admin', bob: 'viewer' })
  const html = { accept: 'text/html' }
  for (const name of ['ann', 'bob', 'ann']) {
    const answer = await ask(app, await cookieFor(app, name), '/orchestrator', { headers: html })
    expect(answer.payload).toContain(`${name}, ${name === 'ann' ? 'admin' : 'viewer'}`)
  }
})

test('an operator reruns many runs, and deletes none', async () => {
  const app = await buildAppWithUsers({ ann: 'admin', olga: 'operator' })
  const of = async (name: string, action: string) => {
    const payload = JSON.stringify({ action, run_ids: ['one'], confirm: true })
    const asked = { method: 'POST', headers: json, payload } as const
    return (await ask(app, await cookieFor(app, name), '/runs/bulk', asked)).statusCode
  }
  expect(await of('olga', 'rerun')).toBe(202)
  expect(await of('olga', 'delete')).toBe(403)
  expect(await of('ann', 'delete')).toBe(202)
})
