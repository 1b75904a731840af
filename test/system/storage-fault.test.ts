import { renameSync, writeFileSync } from 'node:fs'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { api, buildTestApp, expectProblem, page, submitPartial, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { fillDisk, watchedStore } from '../support/store/faults.ts'
import { connect } from '../support/store/store.ts'

async function appOnDisk() {
  const { overrides, store } = watchedStore()
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line).msg) })
  const clock = createTestClock()
  const app = await buildTestApp({}, { ...overrides, clock, logger })
  return { app, clock, lines, store: store() }
}

const announced = { agent_name: 'A', host: 'localhost', port: 8001, metadata: 'x'.repeat(3900) }
const announce = (app: TestApp, agent_id = 'a') => api(app, 'POST', '/agents/register', { agent_id, ...announced })
const ready = async (app: TestApp) =>
  Promise.all(['/health', '/readyz', '/healthz'].map(async (url) => (await api(app, 'GET', url)).status))

test('with a full disk each request says so, /readyz too, and the log once', async () => {
  const { app, clock, lines, store } = await appOnDisk()
  expect(await ready(app)).toEqual([200, 200, 200])
  await announce(app)
  const makeRoom = fillDisk(store)
  for (let time = 0; time < 3; time++) expectProblem(await announce(app, 'b'), 507)
  const { detail } = (await announce(app, 'b')).json
  expect(detail).toMatch(
    /^Nothing was saved\. The disk is full: there is no room for \S+workflows\.db\. Free some space/,
  )
  expect(await ready(app)).toEqual([503, 503, 200])
  expect((await api(app, 'GET', '/readyz')).json).toEqual({
    status: 'unhealthy',
    reason: expect.stringMatching(/^The disk is full: /),
    timestamp: expect.any(String),
  })
  for (const url of ['/', '/runs', '/orchestrator', '/system', '/no-such-page']) {
    const banner = (await page(app, url)).html.querySelector('#storage-fault:not([hidden])')!
    expect(banner.text, url).toContain('Nothing can be saved right now. The disk is full: ')
  }
  const shown = await submitPartial(app, '/orchestrator/register', {})
  expect(shown.status).toBe(422)
  expect(lines).toHaveLength(1)

  makeRoom()
  await clock.advance(2000)
  expect(await ready(app)).toEqual([200, 200, 200])
  expect((await page(app, '/runs')).html.querySelector('#storage-fault')!.hasAttribute('hidden')).toBe(true)
  expect(await announce(app, 'b')).toMatchObject({ status: 200 })
  await clock.advance(10_000)
  expect(lines).toEqual([expect.stringMatching(/^The disk is full/), 'The database can be written again.'])
})

test('an answer that nothing has changed says whether anything can be saved, and that it can again', async () => {
  const { app, clock, store } = await appOnDisk()
  await announce(app)
  const regions = ['/', '/runs', '/orchestrator/health-check', '/orchestrator/a']
  const said = async () => {
    const answers = regions.map(async (url) => {
      const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial', accept: 'text/html' }
      const { headers } = await app.inject({ url, headers: asHtmx })
      const again = await app.inject({ url, headers: { ...asHtmx, 'if-none-match': String(headers.etag) } })
      expect([again.statusCode, again.headers['x-configurable-agents-dashboard']], url).toEqual([304, '1'])
      return decodeURIComponent(String(again.headers['x-storage-fault']))
    })
    return Promise.all(answers)
  }
  expect(await said()).toEqual(['', '', '', ''])
  const makeRoom = fillDisk(store)
  expectProblem(await announce(app, 'b'), 507)
  for (const reason of await said()) expect(reason).toMatch(/^The disk is full: /)
  makeRoom()
  await clock.advance(2000)
  expect(await said()).toEqual(['', '', '', ''])
})

test('a table that is missing is named, by pages and by programs', async () => {
  const { app, lines } = await appOnDisk()
  connect(app.db).exec('DROP TABLE run_index')
  expectProblem(await api(app, 'GET', '/runs'), 503)
  expect((await page(app, '/runs')).text).toContain(`The table run_index is missing from ${app.db}.`)
  expect(lines).toEqual([expect.stringContaining(`The table run_index is missing from ${app.db}. To use a backup`)])
})

test('/readyz has a reason too where it cannot read how far the history is', async () => {
  const { app } = await appOnDisk()
  connect(app.db).exec('DROP TABLE dashboard_state')
  expect(await api(app, 'GET', '/readyz')).toMatchObject({
    status: 503,
    json: { status: 'unhealthy', reason: expect.stringContaining('The table dashboard_state is missing') },
  })
})

test('a file that was moved away is known to /readyz without anybody writing', async () => {
  const { app } = await appOnDisk()
  renameSync(app.db, `${app.db}.old`)
  onTestFinished(() => renameSync(`${app.db}.old`, app.db))
  expect(await ready(app)).toEqual([503, 503, 200])
  expect((await api(app, 'GET', '/health')).json.reason).toContain('was moved or deleted')
})

test('a bulk action that cannot be marked as seen is shown again, and the log tells of the fault alone', async () => {
  const { app, lines } = await appOnDisk()
  const { json } = await api(app, 'POST', '/runs/bulk', { action: 'delete', run_ids: ['a'], confirm: true })
  await api(app, 'POST', `/runs/bulk/${json.bulk_id}/stop`)
  renameSync(app.db, `${app.db}.old`)
  onTestFinished(() => renameSync(`${app.db}.old`, app.db))
  for (let time = 0; time < 2; time++) {
    expect((await page(app, '/runs')).html.querySelector(`#bulk-job-${json.bulk_id}`)).not.toBeNull()
  }
  expect(lines).toEqual([expect.stringContaining('was moved or deleted')])
})

test.each(['replaced', 'deleted'])(
  'no backup is made of a file that was %s: it would take in the old log',
  async (how) => {
    const { app } = await appOnDisk()
    renameSync(app.db, `${app.db}.old`)
    if (how === 'replaced') writeFileSync(app.db, '')
    expect(await api(app, 'POST', '/system/backup')).toMatchObject({
      status: 503,
      json: { detail: expect.stringContaining('while the dashboard was using it') },
    })
  },
)

test('a full disk in the background is no line every two seconds', async () => {
  const { app, clock, lines, store } = await appOnDisk()
  await announce(app)
  app.orchestrator.start()
  fillDisk(store)
  store.db.$client.pragma('query_only = ON')
  await clock.advance(30_000)
  expect(lines).toHaveLength(1)
  store.db.$client.pragma('query_only = OFF')
})
