import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { shownDatabase } from '../../src/config/database.ts'
import { toDatetime } from '../../src/store/sqlite/sql/datetime.ts'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, expectProblem, page, partial, register } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'

test('the page has the form, the list and the place for the dialog', async () => {
  const app = await buildTestApp()
  const { status, html } = await page(app, '/orchestrator')
  expect(status).toBe(200)
  expect(html.querySelector('title')!.text).toContain('Orchestrator')
  expect(html.querySelector('nav a[aria-current="page"]')!.text.trim()).toMatch(/^Orchestrator/)
  for (const region of ['#agents-head', '#register', '#agents', 'dialog#dialog #dialog-body'])
    expect(html.querySelectorAll(region)).toHaveLength(1)
})

test('the page names the database it stands for', async () => {
  const app = await buildTestApp()
  const shown = (await page(app, '/orchestrator')).html.querySelector('.file')!
  expect(shown.text.trim()).toBe(basename(app.db))
  expect(shown.getAttribute('title')).toBe(shownDatabase(app.db))
})

test('names with numbers are in the order that people count in', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const names = ['Worker 10', 'worker 9', 'Worker 2', 'Zoë', 'Élan', 'Zoe']
  for (const [index, name] of names.entries()) await register(app, agent.url, `agent-${index}`, name)
  const { json } = await api(app, 'GET', '/orchestrator')
  expect(json.agents.map(({ agent_name }: { agent_name: string }) => agent_name)).toEqual([
    ...['Élan', 'Worker 2', 'worker 9', 'Worker 10', 'Zoe', 'Zoë'],
  ])
})

test('a script gets the agents, by name', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await register(app, agent.url, 'b', 'beta')
  await register(app, agent.url, 'a', 'Gamma')
  await register(app, agent.url, 'c', 'Alpha')
  const run = { workflow_name: 'c', started_at: toDatetime(clock.now()), duration_seconds: 4, total_cost_usd: 0.25 }
  await insertRuns(app, [run])
  const { status, type, json } = await api(app, 'GET', '/orchestrator')
  expect({ status, type }).toEqual({ status: 200, type: 'application/json' })
  expect(json.agents.map(({ agent_name }: { agent_name: string }) => agent_name)).toEqual(['Alpha', 'beta', 'Gamma'])
  expect(json.agents[0]).toEqual({
    agent_id: 'c',
    agent_name: 'Alpha',
    agent_url: agent.url,
    description: '',
    status: 'healthy',
    reason: null,
    credential_url: null,
    since: '2026-11-22T16:14:30.057Z',
    misses: 0,
    is_flapping: false,
    is_paused: false,
    runs: 0,
    uptime_24h: 1,
    latency_ms: 0,
    last_seen: '2026-11-22T16:14:30.057Z',
    checks: [{ at: '2026-11-22T16:14:30.057Z', outcome: 'up', latency_ms: 0, reason: null }],
    registered_by: 'hand',
    registered_at: '2026-11-22T16:14:30.057Z',
    ttl_seconds: 60,
    last_24_hours: { runs: 1, failed: 0, success: 1, p50_seconds: 4, cost_usd: 0.25 },
  })
  expect(json).toMatchObject({
    checked_at: '2026-11-22T16:14:30.057Z',
    check_interval_seconds: 10,
    may_be_offline: false,
  })
})

test('htmx gets the whole page when it asks for the page, and history too', async () => {
  const app = await buildTestApp()
  expect((await partial(app, '/orchestrator')).html.querySelector('title')).toBeTruthy()
})

test('nothing stands where there is nothing', async () => {
  const app = await buildTestApp()
  for (const path of ['/nothing', '/orchestrator/x/y', '/runs/x/y/z', '/favicon.ico', '/assets/x.js']) {
    expectProblem(await api(app, 'GET', path), 404)
    const { status, html } = await page(app, path)
    expect(status).toBe(404)
    expect(html.querySelector('h1')!.text).toBe('Not found')
    expect(html.querySelector('main')!.text).toContain(`There is no page at ${path}.`)
    const piece = await partial(app, path)
    expect(piece.status).toBe(404)
    expect(piece.headers['hx-reswap']).toBe('none')
    expect(piece.html.querySelector('hx-partial[hx-target="#toasts"] .toast')!.text).toBe(
      `There is no page at ${path}.`,
    )
  }
})

test('an address that does not exist is printed as text', async () => {
  const app = await buildTestApp()
  const { html } = await page(app, '/<img src=x onerror=alert(1)>')
  expect(html.querySelectorAll('img[src="x"]')).toEqual([])
})
