import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { prepareAccess } from '../../src/server/first-start.ts'
import { addUser, cookieFor } from '../support/access/people.ts'
import { buildTestApp, page } from '../support/app.ts'

const pages = [
  '/',
  '/orchestrator',
  '/runs',
  '/agents',
  '/system',
  '/settings/users',
  '/settings/tokens',
  '/docs/api',
  '/no-such-page',
]
const warning =
  'Anyone who reaches this dashboard can do everything. It answers to other host names and has no users. Create one: configurable-agents users add NAME --role admin'

test('every page warns while the dashboard answers to other names and has no user', async () => {
  const app = await buildTestApp({ allowedHosts: ['agents.example.com'] }, { passwordLogCost: 4 })
  for (const url of pages) {
    const warnings = (await page(app, url)).html.querySelectorAll('.banner.waiting:not([hidden])')
    expect([url, ...warnings.map(({ text }) => text.replace(/\s+/g, ' ').trim())]).toEqual([url, warning])
  }
  await addUser(app, 'ann', 'admin')
  const cookie = await cookieFor(app, 'ann')
  const { payload } = await app.inject({ url: '/', headers: { accept: 'text/html', cookie } })
  expect(payload).toContain('ann')
  expect(payload).not.toContain('Anyone who reaches this dashboard')
})

test('no page warns of it on this machine alone', async () => {
  const app = await buildTestApp()
  for (const url of pages)
    expect((await page(app, url)).html.querySelectorAll('.banner.waiting:not([hidden])')).toEqual([])
})

test('its start warns of it on the console, and is silent once there is a user', async () => {
  const config = { ...loadConfig({}, {}), allowedHosts: ['agents.example.com'] }
  const app = await buildTestApp({}, { passwordLogCost: 4 })
  const { access } = app.orchestrator
  expect(await prepareAccess(access, config)).toEqual({
    warning: expect.stringMatching(
      /^Warning: there are no users, so anyone who reaches this dashboard by a name of CONFIGURABLE_AGENTS_ALLOWED_HOSTS can do everything\. Create one: \S*configurable-agents users add NAME --role admin$/,
    ),
  })
  expect(await prepareAccess(access, { ...config, allowedHosts: [] })).toEqual({})
  await addUser(app, 'ann', 'admin')
  expect(await prepareAccess(access, config)).toEqual({})
})
