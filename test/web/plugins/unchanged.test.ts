import { expect, test } from 'vitest'
import { localActor } from '../../../src/shared/actor.ts'
import { addUser, ask, buildAppWithUsers, cookieFor } from '../../support/access/people.ts'
import { announce } from '../../support/agents/announced.ts'
import type { TestApp } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const polled = ['/', '/runs', '/orchestrator/health-check', '/orchestrator/writer']
const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial', accept: 'text/html' }

async function started(clock = createTestClock()) {
  const app = await buildAppWithUsers({}, {}, { clock })
  await announce(app)
  await announce(app, { agent_id: 'reader', port: 8002 })
  await addUser(app, 'vic', 'viewer')
  await addUser(app, 'ann', 'admin')
  return { app, clock, cookie: await cookieFor(app, 'vic') }
}

/** What is known of each region, after polls that found nothing new. */
async function tagsOf(app: TestApp, cookie: string) {
  const tags = new Map<string, string>()
  for (const url of polled) {
    const first = await poll(app, cookie, url, '')
    const etag = String(first.headers.etag)
    expect(first.statusCode, url).toBe(200)
    for (let time = 0; time < 2; time++)
      expect(await poll(app, cookie, url, etag), url).toMatchObject({ statusCode: 304, headers: { etag } })
    tags.set(url, etag)
  }
  return tags
}

const poll = (app: TestApp, cookie: string, url: string, etag: string, headers: Record<string, string> = {}) =>
  ask(app, cookie, url, { headers: { ...asHtmx, 'if-none-match': etag, ...headers } })

async function statuses(app: TestApp, cookie: string, tags: Map<string, string>, headers?: Record<string, string>) {
  const answers = [...tags].map(async ([url, etag]) => (await poll(app, cookie, url, etag, headers)).statusCode)
  return Promise.all(answers)
}

test('a poll that finds nothing new is told what moves on its own, and nothing of the page', async () => {
  const { app, cookie } = await started()
  for (const [url, etag] of await tagsOf(app, cookie)) {
    const { headers } = await poll(app, cookie, url, etag)
    expect(headers, url).toMatchObject({
      'x-agents-down': '0',
      'x-storage-fault': '',
      'x-outdated': '',
      'x-logged-out': '',
      etag,
    })
    expect(headers['cache-control']).toBe('private, no-cache')
    expect(headers, url).not.toHaveProperty('content-security-policy')
    expect('x-checked-at' in headers, url).toBe(url === '/')
  }
})

test('what has not changed is not told to another web page, nor under a foreign name', async () => {
  const { app, cookie } = await started()
  const tags = await tagsOf(app, cookie)
  expect(await statuses(app, cookie, tags, { host: 'evil.example' })).toEqual([421, 421, 421, 421])
  expect(await statuses(app, cookie, tags, { 'sec-fetch-site': 'cross-site' })).toEqual([403, 403, 403, 403])
})

test('who has no session any more is not told that nothing has changed', async () => {
  const { app, clock, cookie } = await started()
  const tags = await tagsOf(app, cookie)
  const other = await cookieFor(app, 'vic')
  expect((await ask(app, cookie, '/logout', { method: 'POST' })).statusCode).toBe(200)
  expect(await statuses(app, cookie, tags)).toEqual([401, 401, 401, 401])
  expect(await statuses(app, other, tags)).toEqual([304, 304, 304, 304])
  await clock.leap(8 * 86_400_000)
  expect(await statuses(app, other, tags)).toEqual([401, 401, 401, 401])
})

test('another role, another zone and a removed user get what is theirs', async () => {
  const { app, cookie } = await started()
  const tags = await tagsOf(app, cookie)
  const inZone = { cookie: `${cookie}; reader-zone=Asia/Kolkata` }
  expect(await statuses(app, cookie, tags, inZone)).toEqual([200, 200, 200, 200])
  const { users } = app.orchestrator.access
  const vic = (await users.all()).find(({ name }) => name === 'vic')!
  await users.change(vic.id, { role: 'operator' }, localActor)
  expect(await statuses(app, cookie, tags)).toEqual([200, 200, 200, 200])
  await users.remove(vic.id, localActor)
  expect(await statuses(app, cookie, tags)).toEqual([401, 401, 401, 401])
})

test('who sees other agents now gets theirs, though others still see what they saw', async () => {
  const { app } = await started()
  await addUser(app, 'bob', 'viewer', ['writer'])
  await addUser(app, 'cat', 'viewer', ['writer'])
  const [bob, cat] = [await cookieFor(app, 'bob'), await cookieFor(app, 'cat')]
  const tags = await tagsOf(app, bob)
  const { users } = app.orchestrator.access
  const { id } = (await users.all()).find(({ name }) => name === 'bob')!
  await users.change(id, { agents: ['reader'] }, localActor)
  await tagsOf(app, cat)
  expect(await statuses(app, bob, tags)).toEqual([200, 200, 200, 404])
})

test('polls that arrive together share a look at the database, and the next one finds what another program did', async () => {
  const { app, cookie } = await started()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const poll = (etag: string) =>
    fetch(`${url}/runs`, { headers: { ...asHtmx, cookie, 'if-none-match': etag } }).then(async (answer) => {
      await answer.text()
      return [answer.status, answer.headers.get('etag')] as const
    })
  for (let round = 0; round < 3; round++) {
    const [, etag] = await poll('')
    const together = await Promise.all(Array.from({ length: 20 }, () => poll(etag!)))
    expect(together).toEqual(together.map(() => [304, etag]))
    await insertRuns(app, [{ id: `run-${round}` }])
    expect(await poll(etag!)).toEqual([200, expect.not.stringContaining(etag!)])
  }
})
