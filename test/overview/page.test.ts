import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, page, partial, register, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { accepted } from '../support/runs/executed.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { insertAgentAsPython } from '../support/store/python-database.ts'
import { writeAsPython } from '../support/store/python-rows.ts'

const oneLine = ({ text }: { text: string }) => text.replace(/\s+/g, ' ').trim()

/** They are not checked yet. */
const insertAgents = ({ db }: TestApp, ids: string[], { port }: { port: number }) =>
  writeAsPython(db, (file) => {
    for (const id of ids) insertAgentAsPython(file, { id, port, metadata: null, at: '2026-11-20 08:00:00' })
  })

async function regionOf(app: TestApp) {
  const region = (await partial(app, '/')).html.querySelector('#overview')!
  const texts = (selector: string) => region.querySelectorAll(selector).map(oneLine)
  return {
    region,
    texts,
    verdict: `${oneLine(region.querySelector('.verdict h1')!)}. ${oneLine(region.querySelector('.verdict p')!)}`,
  }
}

async function withHistory() {
  const [well, starting] = [await startAgent(), await startAgent({ health: json({ status: 'starting' }) })]
  const clock = createTestClock(Date.UTC(2026, 10, 20, 12))
  const app = await buildTestApp({}, { clock })
  await register(app, well.url, 'writer', 'Writer')
  await register(app, starting.url, 'slow', 'Slow')
  const failed = (index: number) => ({ id: `failed-${index}`, status: 'failed', error_message: `Reason ${index}` })
  await insertRuns(app, [
    { id: 'day-before', started_at: '2026-11-19 12:59:59.999999' },
    { id: 'day', started_at: '2026-11-19 13:00:00.000000' },
    ...[0, 1, 2, 3, 4, 5].map(failed),
    { id: 'going', status: 'running', workflow_name: 'writer', agent_id: 'writer' },
    { id: 'waiting', status: 'pending', workflow_name: 'writer', agent_id: 'writer' },
  ])
  return { app, clock }
}

test('the verdict is the heading, and leads to the runs of the last 24 hours', async () => {
  const { app } = await withHistory()
  const { html, status } = await page(app, '/')
  expect(status).toBe(200)
  expect(html.querySelectorAll('h1').map(oneLine)).toEqual(['1 of 2 agents is degraded'])
  expect(oneLine(html.querySelector('.verdict p')!)).toBe('In the last 24 hours 9 runs started and 6 failed.')
  const links = html.querySelectorAll('.verdict p a').map((link) => link.getAttribute('href')!)
  expect(links).toEqual([
    '/runs?from=2026-11-19T13%3A00&to=2026-11-20T13%3A00',
    '/runs?status=failed&from=2026-11-19T13%3A00&to=2026-11-20T13%3A00',
  ])
  const totals = await Promise.all(links.map(async (link) => (await api(app, 'GET', link)).json.total))
  expect(totals).toEqual([9, 6])
  expect(html.querySelector('.verdict')!.classList.contains('waiting')).toBe(true)
  expect(html.querySelector('nav a[aria-current="page"]')!.text.trim()).toBe('Overview')
})

test('an agent in trouble is a row with its reason and the runs that failed since, and not before it is', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock, random: () => 0.5 })
  await register(app, agent.url, 'the writer', 'Writer')
  await agent.close()
  for (const [ms, verdict] of [
    [10_000, 'The agent is healthy'],
    [2000, 'The agent is healthy'],
    [2000, 'The agent is down'],
  ] as const) {
    expect((await regionOf(app)).texts('.trouble')).toEqual([])
    const { checks } = (await api(app, 'GET', '/orchestrator/health-check')).json.agents[0]
    await clock.advance(ms)
    await expect
      .poll(async () => (await api(app, 'GET', '/orchestrator/health-check')).json.agents[0].checks.length)
      .toBe(checks.length + 1)
    expect((await regionOf(app)).verdict).toContain(verdict)
  }
  const { region, texts } = await regionOf(app)
  expect(texts('.trouble')).toEqual(['Writer Down 4s Connection refused Check Writer'])
  expect(region.querySelector('.trouble a')!.getAttribute('href')).toBe('/orchestrator/the%20writer')
  expect(texts('.mate')).toEqual([])
  const failed = (id: string, ms: number) => ({
    ...{ id, status: 'failed', workflow_name: 'the writer', agent_id: 'the writer' },
    started_at: new Date(clock.now() + ms).toISOString(),
  })
  await insertRuns(app, [failed('before', -60_000), failed('after', 0), failed('later', 1000)])
  const failures = (await regionOf(app)).region.querySelector('.trouble .t-hit')!
  expect(failures.text).toBe('2 runs failed')
  const { json: list } = await api(app, 'GET', failures.getAttribute('href')!)
  expect(list.runs.map(({ run_id }: { run_id: string }) => run_id)).toEqual(['later', 'after'])
})

test('agents that are well, new, paused or at work are tiles, and no run moves one', async () => {
  const agent = await startAgent({ run: accepted(), status: json({ status: 'running' }) })
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await insertAgents(app, ['new'], agent)
  for (const id of ['a', 'b', 'c']) await register(app, agent.url, id, id.toUpperCase())
  await app.orchestrator.pause('b', localActor)
  const before = ['Healthy A', 'Healthy C', 'Checking NEW Checking', 'Paused B Paused']
  expect((await regionOf(app)).texts('.mate')).toEqual(before)
  await api(app, 'POST', '/orchestrator/c/execute', { inputs: { topic: 'x' } })
  const tiles = ['Healthy A', 'Healthy C 1 running', 'Checking NEW Checking', 'Paused B Paused']
  await expect.poll(async () => (await regionOf(app)).texts('.mate')).toEqual(tiles)
  const { texts, verdict } = await regionOf(app)
  expect(verdict).toContain('2 of 4 agents are healthy. One is being checked, one is paused.')
  expect(texts('.trouble')).toEqual([])
})

test('of many agents those in trouble and those with runs are shown, and the others counted', async () => {
  const agent = await startAgent({ run: accepted(), status: json({ status: 'running' }) })
  const app = await buildTestApp({}, { clock: createTestClock() })
  const ids = Array.from({ length: 26 }, (_, index) => `agent-${String(index).padStart(2, '0')}`)
  await insertAgents(app, ids, agent)
  const none = await regionOf(app)
  expect(none.texts('.mate, .trouble')).toEqual([])
  expect(none.texts('.fleet .rest')).toEqual(['See all 26 agents'])
  expect(none.region.querySelector('.fleet .rest a')!.getAttribute('href')).toBe('/orchestrator')
  for (const id of ['agent-00', 'agent-03']) await register(app, agent.url, id, id.toUpperCase())
  await api(app, 'POST', '/orchestrator/agent-03/execute', { inputs: { topic: 'x' } })
  await expect.poll(async () => (await regionOf(app)).texts('.mate')).toEqual(['Healthy AGENT-03 1 running'])
  const { texts, verdict } = await regionOf(app)
  expect(verdict).toContain('2 of 26 agents are healthy. 24 are being checked.')
  expect(texts('.fleet .rest')).toEqual(['1 more is healthy, 24 are being checked'])
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

test('gives a script the same', async () => {
  const { app } = await withHistory()
  const { json: overview } = await api(app, 'GET', '/')
  expect(overview).toMatchObject({
    agents: { registered: 2, healthy: 1, degraded: 1, down: 0 },
    last_24_hours: { runs: 9, failed: 6 },
    running: { runs: 2 },
  })
  expect(overview.agents.list).toHaveLength(2)
  expect(overview.latest.find(({ run_id }: { run_id: string }) => run_id === 'failed-5')).toMatchObject({
    error_message: 'Reason 5',
  })
})

test('says where to begin when there is nothing', async () => {
  const app = await buildTestApp()
  const { html } = await page(app, '/')
  expect(html.querySelector('h1')!.text).toBe('Connect your first agent')
  expect(html.querySelector('.sections [aria-current]')!.text).toBe('Overview')
  expect(html.querySelectorAll('#first-use #register-form')).toHaveLength(1)
})

test('Check without JavaScript comes back to the overview', async () => {
  const { app } = await withHistory()
  const headers = { referer: 'http://localhost:8000/', host: 'localhost:8000', accept: 'text/html' }
  for (const url of ['/orchestrator/slow/check', '/orchestrator/check']) {
    const { statusCode, headers: answered } = await app.inject({ method: 'POST', url, headers })
    expect([statusCode, answered.location]).toEqual([303, '/'])
  }
})
