import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, page, partial, register } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { insertAgentAsPython } from '../support/store/python-database.ts'
import { connect } from '../support/store/store.ts'

async function withHistory() {
  const [well, starting] = [await startAgent(), await startAgent({ health: json({ status: 'starting' }) })]
  const clock = createTestClock(Date.UTC(2026, 10, 20, 12))
  const app = await buildTestApp({}, { clock })
  await register(app, well.url, 'writer', 'Writer')
  await register(app, starting.url, 'slow', 'Slow')
  const failed = (index: number) => ({ id: `failed-${index}`, status: 'failed', error_message: `Reason ${index}` })
  insertRuns(app, [
    { id: 'yesterday', started_at: '2026-11-19 23:59:59.999999' },
    { id: 'midnight', started_at: '2026-11-20 00:00:00.000000' },
    ...[0, 1, 2, 3, 4, 5].map(failed),
    { id: 'going', status: 'running', workflow_name: 'writer', agent_id: 'writer' },
    { id: 'waiting', status: 'pending', workflow_name: 'writer', agent_id: 'writer' },
  ])
  return { app, clock }
}

test('counts agents that are healthy, runs going on and runs of today', async () => {
  const { app } = await withHistory()
  const { html, status } = await page(app, '/')
  expect(status).toBe(200)
  const facts = html
    .querySelectorAll('#overview .fact')
    .map((fact) => [fact.text.replace(/\s+/g, ' ').trim(), fact.getAttribute('href')])
  expect(facts).toEqual([
    ['1 of 2Agents healthy · 1 degraded', '/orchestrator'],
    ['2Runs going on', '/runs?status=running&status=pending'],
    ['9Runs today · 6 failedYesterday 1', '/runs?from=2026-11-20&to=2026-11-20'],
    ['–Cost todayYesterday –', '/runs?from=2026-11-20&to=2026-11-20'],
    ['–Tokens todayYesterday –', '/runs?from=2026-11-20&to=2026-11-20'],
  ])
  expect(html.querySelector('nav a[aria-current="page"]')!.text).toBe('Overview')
})

test('shows the five latest failures with their reasons', async () => {
  const { app } = await withHistory()
  const { html } = await page(app, '/')
  const failures = html
    .querySelectorAll('.failed-run')
    .map((run) => [run.querySelector('a')!.getAttribute('href'), run.querySelector('.reason')!.text])
  expect(failures).toEqual([5, 4, 3, 2, 1].map((index) => [`/runs/failed-${index}`, `Reason ${index}`]))
})

test('names agents that are in trouble, and why, and not before they are', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock, random: () => 0.5 })
  await register(app, agent.url, 'the writer', 'Writer')
  await agent.close()
  const overview = async () => (await partial(app, '/')).html.querySelector('#overview')!
  const texts = async (selector: string) =>
    (await overview()).querySelectorAll(selector).map(({ text }) => text.replace(/\s+/g, ' ').trim())
  for (const [ms, summary] of [
    [10_000, '1 checking'],
    [2000, '1 checking'],
    [2000, '1 down'],
  ] as const) {
    expect(await texts('.troubled')).toEqual([])
    const { checks } = (await api(app, 'GET', '/orchestrator/health-check')).json.agents[0]
    await clock.advance(ms)
    await expect
      .poll(async () => (await api(app, 'GET', '/orchestrator/health-check')).json.agents[0].checks.length)
      .toBe(checks.length + 1)
    expect(await texts('.fact')).toContain(`0 of 1Agents healthy · ${summary}`)
  }
  expect(await texts('.troubled')).toEqual(['Writer Down 4s Connection refused'])
  expect((await overview()).querySelector('.troubled a')!.getAttribute('href')).toBe('/orchestrator/the%20writer')
})

test('shows agents that were not checked yet, paused ones and busy ones as what they are', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  insertAgentAsPython(connect(app.db), { id: 'new', port: agent.port, metadata: null, at: '2026-11-20 08:00:00' })
  await register(app, agent.url)
  await app.orchestrator.pause('writer', localActor)
  const { html } = await page(app, '/')
  expect(html.querySelector('.fact')!.text.replace(/\s+/g, ' ').trim()).toBe(
    '0 of 2Agents healthy · 1 checking · 1 paused',
  )
  expect(html.querySelector('.troubled')).toBeNull()
})

test('polls itself with the very markup that the page includes', async () => {
  const { app } = await withHistory()
  const polled = await partial(app, '/')
  expect(polled.html.children).toHaveLength(1)
  expect(polled.html.firstElementChild!.attributes).toMatchObject({
    id: 'overview',
    'hx-get': '/',
    'hx-trigger': 'every 10s, refresh',
  })
  const whole = await page(app, '/')
  expect(whole.html.querySelector('#overview')!.outerHTML).toBe(polled.html.firstElementChild!.outerHTML)
})

test('begins a new day at midnight UTC', async () => {
  const { app, clock } = await withHistory()
  await clock.leap(12 * 3_600_000)
  expect((await api(app, 'GET', '/')).json.runs).toEqual({ running: 2, today: 0, failed_today: 0 })
})

test('gives a script the same', async () => {
  const { app } = await withHistory()
  const { json: overview } = await api(app, 'GET', '/')
  expect(overview).toMatchObject({ agents: { registered: 2, healthy: 1 }, runs: { running: 2, today: 9 } })
  expect(overview.agents.list).toHaveLength(2)
  expect(overview.latest_failures[0]).toMatchObject({ run_id: 'failed-5', error_message: 'Reason 5' })
})

test('says where to begin when there is nothing', async () => {
  const app = await buildTestApp()
  const { html } = await page(app, '/')
  expect(html.querySelector('h1')!.text).toBe('Connect your first agent')
  expect(html.querySelector('.sections [aria-current]')!.text).toBe('Overview')
  expect(html.querySelectorAll('#first-use #register-form')).toHaveLength(1)
})
