import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, page, partial, register, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { createPythonDatabase, insertRunAsPython, pythonRuns } from '../support/store/python-database.ts'
import { connect } from '../support/store/store.ts'
import { temporaryFile } from '../support/temporary.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A Friday, 12:30 UTC: the last day is from 13:00 on Thursday until 13:00. */
const now = Date.UTC(2026, 10, 20, 12, 30)

const build = () => buildTestApp({}, { clock: createTestClock(now) })
const ago = (ms: number) => new Date(now - ms).toISOString().replace('Z', '000').replace('T', ' ')

const failed = (id: string, error: string | null, agent = 'web-scraper', ms = 60_000) => ({
  id,
  status: 'failed',
  workflow_name: agent,
  error_message: error,
  started_at: ago(ms),
})
const refused = 'Cannot connect to agent at http://localhost:8009: connection refused. Is it running?'

async function causesOf(app: TestApp) {
  const { html } = await page(app, '/')
  return html.querySelectorAll('.causes li').map((row) => ({
    text: `${row.querySelector('.times')!.text} ${row.querySelector('.cause')!.text}`,
    path: row.querySelector('.cause a')!.getAttribute('href'),
    newest: row.querySelector('a.when')!.getAttribute('href'),
  }))
}

test('groups failures by cause and agent, and leads to the runs', async () => {
  const app = await build()
  insertRuns(app, [
    ...Array.from({ length: 12 }, (_, index) => failed(`refused-${index}`, refused, 'web-scraper', 120_000 + index)),
    failed('slow', 'The agent gave no answer within 120 s. It may still be working.', 'writer'),
    failed('silent', null, 'writer', 90_000),
    failed('long-ago', refused, 'web-scraper', 30 * hourMs),
  ])
  expect(await causesOf(app)).toEqual([
    {
      text: '12 × connection refused · web-scraper',
      path: '/runs?agent=web-scraper&status=failed&from=2026-11-19T13%3A00&to=2026-11-20T13%3A00&q=cause%3A%22connection+refused%22',
      newest: '/runs/refused-0',
    },
    {
      text: '1 × The agent gave no answer within 120 s · writer',
      path: '/runs?agent=writer&status=failed&from=2026-11-19T13%3A00&to=2026-11-20T13%3A00&q=cause%3A%22The+agent+gave+no+answer+within+%E2%80%A6+s%22',
      newest: '/runs/slow',
    },
    {
      text: '1 × No reason was recorded · writer',
      path: '/runs?agent=writer&status=failed&from=2026-11-19T13%3A00&to=2026-11-20T13%3A00&q=cause%3A%22%22',
      newest: '/runs/silent',
    },
  ])
  expect((await page(app, '/')).text).toContain('Why runs failed14 in the last day')
  const { json } = await api(app, 'GET', (await causesOf(app))[0]!.path!)
  expect(json.runs.map(({ run_id }: { run_id: string }) => run_id)).toEqual(
    Array.from({ length: 12 }, (_, index) => `refused-${index}`),
  )
})

test('each cause, each agent and each fact leads to exactly the runs that it counts', async () => {
  const app = await build()
  insertRuns(app, [
    failed('a', 'model is overloaded'),
    failed('b', 'the model is overloaded, they say'),
    failed('c', 'Model is overloaded.'),
    failed('d', 'timeout after 5 s on node 7'),
    failed('e', 'timeout after 120 s on node 3 of the model'),
    failed('f', null),
    failed('g', ''),
    failed('h', '["JSON", 1]'),
    failed('i', '["JSON", 2]'),
    failed('tomorrow', 'model is overloaded', 'web-scraper', -2 * dayMs),
    { id: 'timed', workflow_name: 'slow', started_at: ago(1000), duration_seconds: 5 },
    { id: 'untimed', workflow_name: 'slow', started_at: ago(1000) },
  ])
  const { json } = await api(app, 'GET', '/')
  expect(json.failures.runs).toBe(9)
  const totalOf = async (path: string) => {
    const list = await api(app, 'GET', path)
    expect(list.json.total_is_exact).toBe(true)
    expect(list.json.runs).toHaveLength(list.json.total)
    return list.json.total
  }
  expect(
    json.failures.causes.map(({ cause, runs }: { cause: string; runs: number }) => `${runs} ${cause}`).sort(),
  ).toEqual(
    [
      '2 Model is overloaded',
      '2 ',
      '2 […]',
      '1 the model is overloaded, they say',
      '1 timeout after 5 s on node 7',
      '1 timeout after 120 s on node 3 of the model',
    ].sort(),
  )
  for (const { path, runs } of json.failures.causes) expect(await totalOf(path)).toBe(runs)
  for (const { path, runs } of json.slowest_agents) expect(await totalOf(path)).toBe(runs)
  const { html } = await page(app, '/')
  const today = html.querySelectorAll('.fact a, a.fact').find((fact) => fact.text.includes('Runs today'))!
  expect(await totalOf(today.getAttribute('href')!)).toBe(json.runs.today)
})

test('of more failures than it groups, a cause leads to those that it counted', async () => {
  const app = await build()
  insertRuns(
    app,
    Array.from({ length: 1010 }, (_, index) =>
      failed(`run-${index}`, refused, `agent-${index % 2}`, 60_000 + Math.floor(index / 3)),
    ),
  )
  const { json } = await api(app, 'GET', '/')
  expect(json.failures).toMatchObject({ runs: 1010, grouped: 999 })
  for (const { path, runs } of json.failures.causes) expect((await api(app, 'GET', path)).json.total).toBe(runs)
})

test('tells of the last week when nothing failed in the last day', async () => {
  const app = await build()
  insertRuns(app, [
    failed('old', refused, 'web-scraper', 3 * dayMs),
    failed('older', refused, 'web-scraper', 8 * dayMs),
  ])
  expect(await causesOf(app)).toMatchObject([{ text: '1 × connection refused · web-scraper', newest: '/runs/old' }])
  expect((await page(app, '/')).text).toContain('1 in the last week None in the last day.')
})

test('says of how many failures it knows the cause, and how many causes there are', async () => {
  const app = await build()
  insertRuns(
    app,
    Array.from({ length: 1001 }, (_, index) => failed(`run-${index}`, refused, `agent-${index % 10}`)),
  )
  const { html, text } = await page(app, '/')
  expect(text).toContain('1,001 in the last day The newest 1,000 of them by their causes:')
  expect(html.querySelector('.causes-rest')!.text).toBe('2 more causes')
})

test('prints hostile errors, names and statuses as text', async () => {
  const app = await build()
  const hostile = `<script>alert(1)</script><img src=x onerror='alert(1)'>" onclick="x`
  const agent = `"><b>&a=b`
  insertRuns(app, [
    { ...failed('failed', hostile, agent), duration_seconds: 3 },
    { id: 'odd', workflow_name: agent, status: '<i>odd</i>', started_at: ago(1000) },
    { id: 'going', workflow_name: agent, status: 'running', started_at: ago(1000) },
  ])
  const { html } = await page(app, '/')
  expect(html.querySelectorAll('main script, main img, main b, main i, [onclick], [onerror]')).toEqual([])
  expect(html.querySelector('.causes .cause')!.text).toBe(`${hostile} · ${agent}`)
  expect(html.querySelector('.failed-run .reason')!.text).toBe(hostile)
  expect(html.querySelector('.slowest th a')!.text).toBe(agent)
  for (const link of html.querySelectorAll('.causes .cause a, .slowest th a')) {
    expect(new URL(link.getAttribute('href')!, 'http://x').searchParams.getAll('agent')).toEqual([agent])
  }
  expect(html.querySelector('.hours-keys')!.text).toContain('<i>odd</i> 1')
})

test('draws a bar for each hour that leads to its runs, and says the same in a table', async () => {
  const app = await build()
  insertRuns(app, [
    ...[1, 2, 3].map((index) => ({ id: `done-${index}`, started_at: ago(index) })),
    failed('failed', refused),
    { id: 'yesterday', started_at: ago(20 * hourMs) },
    { id: 'before', started_at: ago(24 * hourMs) },
  ])
  const { html } = await page(app, '/')
  const drawing = html.querySelector('.hours svg')!
  expect(html.querySelector('.hours .unseen')!.text).toBe('Runs by hour of the last day: 4 completed, 1 failed.')
  const bars = drawing.querySelectorAll('a')
  expect(bars).toHaveLength(24)
  expect(bars.at(-1)!.getAttribute('href')).toBe('/runs?from=2026-11-20T12%3A00&to=2026-11-20T13%3A00')
  expect(bars.at(-1)!.querySelector('title')!.text).toBe('Fri 20 Nov, 12:00–13:00\n3 completed\n1 failed')
  // Completed runs stand on the ground, failed ones on top of them.
  const parts = bars.at(-1)!.querySelectorAll('rect:not(.area)')
  expect(parts.map((part) => part.getAttribute('class'))).toEqual(['good', 'bad'])
  const [good, bad] = parts.map((part) => ({
    y: Number(part.getAttribute('y')),
    height: Number(part.getAttribute('height')),
  }))
  expect(good!.y + good!.height).toBe(132)
  expect(bad!.y + bad!.height).toBeLessThan(good!.y)
  expect(good!.height / bad!.height).toBeCloseTo(3, 0)
  // Midnight ends a day and begins none.
  expect(bars[10]!.getAttribute('href')).toBe('/runs?from=2026-11-19T23%3A00&to=2026-11-19')
  const rows = html
    .querySelectorAll('.hours-numbers tbody tr')
    .map((row) => row.querySelectorAll('th, td').map(({ text }) => text))
  expect(rows).toHaveLength(24)
  expect(rows[0]).toEqual(['Fri 20 Nov, 12:00–13:00', '4', '3 completed, 1 failed'])
  expect(rows[1]).toEqual(['Fri 20 Nov, 11:00–12:00', '0', '–'])
  expect(rows[20]).toEqual(['Thu 19 Nov, 16:00–17:00', '1', '1 completed'])
})

test('compares today with the days before, and knows what it does not know', async () => {
  const app = await build()
  const facts = async () =>
    (await page(app, '/')).html
      .querySelectorAll('.fact')
      .slice(2)
      .map(({ text }) => text.replace(/\s+/g, ' ').trim())
  insertRuns(app, [{ id: 'first', started_at: ago(60_000) }])
  expect(await facts()).toEqual([
    '1Runs todayNo earlier day yet',
    '–Cost todayNo earlier day yet',
    '–Tokens todayNo earlier day yet',
  ])
  insertRuns(app, [
    { id: 'a', started_at: ago(60_000), total_cost_usd: 0, total_tokens: 1200 },
    { id: 'b', started_at: ago(3 * dayMs), total_cost_usd: 3, total_tokens: 300 },
    { id: 'c', started_at: ago(dayMs) },
  ])
  expect(await facts()).toEqual([
    '2Runs todayMean of 3 days 0.7',
    '$0.00Cost todayMean of 3 days $1.00',
    '1,200Tokens todayMean of 3 days 100',
  ])
  insertRuns(app, [{ id: 'd', started_at: ago(40 * dayMs), total_cost_usd: 99 }])
  expect(await facts()).toContainEqual('$0.00Cost today7-day mean $0.4286')
})

test('shows which runs go on, and which agents are slow', async () => {
  const app = await build()
  insertRuns(app, [
    ...Array.from({ length: 7 }, (_, index) => ({
      id: `going-${index}`,
      status: 'running',
      started_at: ago(60_000 * index),
    })),
    { id: 'quick', workflow_name: 'quick', started_at: ago(1000), duration_seconds: 1 },
    { id: 'slow', workflow_name: 'slow', started_at: ago(1000), duration_seconds: 100 },
    { id: 'slower', workflow_name: 'slow', started_at: ago(2000), duration_seconds: 300 },
  ])
  const { html } = await page(app, '/')
  expect(html.querySelectorAll('.active-runs a').map((link) => link.getAttribute('href'))).toEqual(
    [0, 1, 2, 3, 4].map((index) => `/runs/going-${index}`),
  )
  expect(html.querySelector('[aria-labelledby="active-runs-title"] .card-note')!.text).toBe('2 more')
  expect(
    html
      .querySelectorAll('.slowest tbody tr')
      .map((row) => row.querySelectorAll('th, td').map(({ text }) => text.trim())),
  ).toEqual([
    ['slow local', '2', '3m 20s', '5m 0s'],
    ['quick local', '1', '1.0s', '1.0s'],
  ])
  expect(html.querySelector('.slowest td a')!.getAttribute('href')).toBe('/runs/slower')
})

test('teaches what to do where there is nothing', async () => {
  const app = await build()
  expect((await page(app, '/')).html.querySelector('h1')!.text).toBe('Connect your first agent')
  const agent = await startAgent()
  await register(app, agent.url)
  expect((await partial(app, '/')).text).toContain('Go to the orchestrator and press Execute an agent.')
  insertRuns(app, [{ id: 'old', started_at: ago(9 * dayMs) }])
  const { html, text } = await partial(app, '/')
  expect(text).toContain('No run started in the last 24 hours. The newest is from 11 Nov, 12:30: see all runs.')
  expect(text).toContain('No run has failed in the last week.')
  expect(text).toContain('No run goes on. Execute one from the orchestrator.')
  expect(text).toContain('No run of the last day has said how long it took.')
  expect(html.querySelector('.hours')).toBeNull()
})

test('says how far the history is read while it is', async () => {
  const db = temporaryFile()
  createPythonDatabase(db)
  const python = connect(db)
  const many = Array.from({ length: 2000 }, (_, index) => ({ ...pythonRuns[0]!, id: `older-${index}` }))
  python.transaction(() => {
    for (const run of many) insertRunAsPython(python, run)
  })()
  const clock = createTestClock(now)
  const app = await buildTestApp({ db }, { clock })
  const { text } = await page(app, '/')
  expect(text).toMatch(/Reading the history: [\d,]+ of 2,006 runs\./)
  expect(text).not.toContain('No runs yet')
  expect((await api(app, 'GET', '/')).json.history).toEqual({ read: expect.any(Number), total: 2006 })
  app.orchestrator.start()
  await expect
    .poll(async () => {
      await clock.advance(1000)
      return (await page(app, '/')).text
    })
    .not.toContain('Reading the history')
  const { json } = await api(app, 'GET', '/')
  expect(json.history).toBeNull()
  expect(json.runs).toMatchObject({ running: 2, today: 2006 })
})

test('is told to htmx as the page includes it', async () => {
  const app = await build()
  insertRuns(app, [failed('failed', refused), { id: 'done', started_at: ago(1000) }])
  const polled = await partial(app, '/')
  expect((await page(app, '/')).html.querySelector('#overview')!.outerHTML).toBe(
    parse(polled.html.firstElementChild!.outerHTML).firstElementChild!.outerHTML,
  )
})
