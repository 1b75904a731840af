import { expect, test } from 'vitest'
import { buildAppWithUsers, cookieFor, cookieOf } from '../support/access/people.ts'
import { api, page, submit } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { isAboutFile } from '../support/store/database.ts'

const exposed = { host: '0.0.0.0' }
const user = { username: 'ann', password: 'password of ann' }

test('an open dashboard of other machines lets nobody in before there is a user', async () => {
  const app = await buildAppWithUsers({}, exposed)
  await app.orchestrator.access.setup.begin()
  expect((await api(app, 'GET', '/runs')).status).toBe(401)
  expect((await page(app, '/login')).headers.location).toBe('/setup')
})

test('the printed link makes the first user, who is logged in, and then no other', async () => {
  const app = await buildAppWithUsers({}, exposed)
  const token = await app.orchestrator.access.setup.begin()
  expect((await page(app, '/setup')).text).toContain('first user')
  const answer = await submit(app, '/setup', { ...user, token })
  expect(answer).toMatchObject({ status: 303, headers: { location: '/' } })
  const runs = await app.inject({
    url: '/runs',
    headers: { cookie: cookieOf(answer.headers), accept: 'application/json' },
  })
  expect(runs.statusCode).toBe(200)
  expect((await submit(app, '/setup', { ...user, username: 'eve', token })).status).toBe(403)
  expect((await page(app, '/setup')).headers.location).toBe('/login')
  await cookieFor(app, 'ann')
})

test('of two who use the link at once, one becomes the admin', async () => {
  const app = await buildAppWithUsers({}, exposed)
  const token = await app.orchestrator.access.setup.begin()
  const both = await Promise.all(
    ['ann', 'eve'].map((username) => api(app, 'POST', '/setup', { ...user, username, token })),
  )
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  expect(await app.orchestrator.access.users.all()).toHaveLength(1)
})

test('the link ends after fifteen minutes, and with the next one', async () => {
  // Dashboards on PostgreSQL go by its clock, and leave the links of others.
  isAboutFile()
  const clock = createTestClock()
  const app = await buildAppWithUsers({}, exposed, { clock })
  const first = await app.orchestrator.access.setup.begin()
  const second = await app.orchestrator.access.setup.begin()
  expect((await api(app, 'POST', '/setup', { ...user, token: first })).status).toBe(403)
  expect((await api(app, 'POST', '/setup', { ...user, token: '' })).status).toBe(403)
  await clock.leap(15 * 60_000)
  expect((await api(app, 'POST', '/setup', { ...user, token: second })).status).toBe(403)
  expect((await page(app, '/setup')).text).toContain('has expired')
})

test('what is wrong stands in the form, which keeps what was typed, and the link stays good', async () => {
  const app = await buildAppWithUsers({}, exposed)
  const token = await app.orchestrator.access.setup.begin()
  const short = await submit(app, '/setup', { username: 'ann', password: 'short', token })
  expect(short.status).toBe(422)
  expect(short.text).toContain('at least 8 characters')
  expect(short.html.querySelector('[name=username]')?.getAttribute('value')).toBe('ann')
  expect((await submit(app, '/setup', { ...user, token })).status).toBe(303)
})
