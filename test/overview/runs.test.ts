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
/** A Friday, 12:30 UTC: the last day is from 13:00 on Thursday until 13:00, the week since the 16th. */
const now = Date.UTC(2026, 10, 20, 12, 30)

const build = () => buildTestApp({}, { clock: createTestClock(now) })
const ago = (ms: number) => new Date(now - ms).toISOString().replace('Z', '000').replace('T', ' ')
const oneLine = ({ text }: { text: string }) => text.replace(/\s+/g, ' ').trim()

const failed = (id: string, error: string | null, agent = 'web-scraper', ms = 60_000) => ({
  id,
  status: 'failed',
  workflow_name: agent,
  error_message: error,
  started_at: ago(ms),
})
const refused = 'Cannot connect to agent at http://localhost:8009: connection refused. Is it running?'

async function errorsOf(app: TestApp) {
  const { html } = await page(app, '/')
  return html.querySelectorAll('.cause').map((row) => ({ text: oneLine(row), path: row.getAttribute('href') }))
}

test('groups failures by their message, with the agents, and leads to the runs', async () => {
  const app = await build()
  await insertRuns(app, [
    ...Array.from({ length: 12 }, (_, index) => failed(`refused-${index}`, refused, 'web-scraper', 120_000 + index)),
    failed('refused', refused, 'writer', 180_000),
    failed('slow', 'The agent gave no answer within 120 s. It may still be working.', 'writer'),
    failed('silent', null, 'writer', 90_000),
    failed('long-ago', refused, 'web-scraper', 30 * hourMs),
  ])
  expect(await errorsOf(app)).toEqual([
    {
      text: '13 Connection refused web-scraper, writer 2m ago',
      path: '/runs?status=failed&from=2026-11-19T13%3A00&to=2026-11-20T13%3A00&q=cause%3A%22connection+refused%22',
    },
    {
      text: '1 The agent gave no answer within 120 s writer 1m ago',
      path: '/runs?status=failed&from=2026-11-19T13%3A00&to=2026-11-20T13%3A00&q=cause%3A%22The+agent+gave+no+answer+within+%E2%80%A6+s%22',
    },
    {
      text: '1 No reason was recorded writer 1m ago',
      path: '/runs?status=failed&from=2026-11-19T13%3A00&to=2026-11-20T13%3A00&q=cause%3A%22%22',
    },
  ])
  const { html } = await page(app, '/')
  const all = html.querySelector('[aria-labelledby="errors-title"] .end a')!
  expect(all.text).toBe('All 15 failed runs')
  expect((await api(app, 'GET', all.getAttribute('href')!)).json.total).toBe(15)
  const { json } = await api(app, 'GET', (await errorsOf(app))[0]!.path!)
  expect(json.runs.map(({ run_id }: { run_id: string }) => run_id)).toEqual([
    ...Array.from({ length: 12 }, (_, index) => `refused-${index}`),
    'refused',
  ])
})

test('each error leads to exactly the runs that it counts', async () => {
  const app = await build()
  await insertRuns(app, [
    failed('a', 'model is overloaded'),
    failed('b', 'the model is overloaded, they say', 'other'),
    failed('c', 'Model is overloaded.', 'writer'),
    failed('f', null),
    failed('g', '', 'other'),
    failed('h', '["JSON", 1]'),
    failed('i', '["JSON", 2]'),
    failed('d', 'timeout after 5 s on node 7'),
    failed('e', 'timeout after 120 s on node 3'),
    failed('tomorrow', 'model is overloaded', 'web-scraper', -2 * dayMs),
  ])
  const { json } = await api(app, 'GET', '/')
  expect(json.errors.runs).toBe(9)
  expect(json.errors.list.map(({ cause, runs }: { cause: string; runs: number }) => `${runs} ${cause}`).sort()).toEqual(
    [
      '2 Model is overloaded',
      '2 ',
      '2 […]',
      '2 timeout after … s on node …',
      '1 the model is overloaded, they say',
    ].sort(),
  )
  for (const { path, runs } of json.errors.list) {
    const list = await api(app, 'GET', path)
    expect(list.json).toMatchObject({ total_is_exact: true, total: runs })
    expect(list.json.runs).toHaveLength(runs)
  }
})

test('of more failures than it groups, an error leads to those that it counted, and the card says so', async () => {
  const app = await build()
  const many = Array.from({ length: 1010 }, (_, index) =>
    failed(`run-${index}`, `refused by ${index % 2 === 0 ? 'a' : 'b'}`, 'writer', 60_000 + Math.floor(index / 3)),
  )
  await insertRuns(app, many)
  const { json } = await api(app, 'GET', '/')
  expect(json.errors).toMatchObject({ runs: 1010, grouped: 999 })
  expect(json.errors.list).toHaveLength(2)
  for (const { path, runs } of json.errors.list) expect((await api(app, 'GET', path)).json.total).toBe(runs)
  expect((await page(app, '/')).text).toContain('Of the newest 999')
})

test('where nothing failed there is no card of errors, and more of the latest runs', async () => {
  const app = await build()
  const runs = Array.from({ length: 12 }, (_, index) => ({ id: `run-${index}`, started_at: ago(1000 * index) }))
  await insertRuns(app, [...runs, failed('old', refused, 'writer', 3 * dayMs)])
  const latest = async () =>
    (await page(app, '/')).html.querySelectorAll('.latest tbody tr').map((row) => row.getAttribute('id'))
  expect((await page(app, '/')).html.querySelector('#errors-title')).toBeNull()
  expect(await latest()).toEqual(Array.from({ length: 10 }, (_, index) => `latest-run-${index}`))
  expect((await page(app, '/')).text).toContain('12 runs started and')
  await insertRuns(app, [failed('new', refused)])
  expect((await page(app, '/')).html.querySelector('#errors-title')).not.toBeNull()
  expect(await latest()).toHaveLength(5)
})

test('the latest runs say what they were given, or what went wrong', async () => {
  const app = await build()
  await insertRuns(app, [
    { id: 'lost', status: 'lost', workflow_name: 'writer', agent_id: 'writer', started_at: ago(4000) },
    { ...failed('refused', refused, 'writer', 2000) },
    { ...failed('failed', 'It says:\n\nno', 'writer', 3000), duration_seconds: 3.6, total_cost_usd: 0.0044 },
  ])
  const rows = (await page(app, '/')).html
    .querySelectorAll('.latest tbody tr')
    .map((row) => row.querySelectorAll('td').map(oneLine))
  expect(rows).toEqual([
    ['Failed', 'writer local Connection refused', '2s ago', '–', '–', ''],
    ['Failed', 'writer local It says: no', '3s ago', '3.6s', '$0.0044', ''],
    ['Lost', 'writer on writer', '4s ago', '–', '–', ''],
  ])
})

test('prints hostile errors, names and statuses as text', async () => {
  const app = await build()
  const hostile = `<script>alert(1)</script><img src=x onerror='alert(1)'>" onclick="x`
  const agent = `"><b>&a=b`
  await insertRuns(app, [
    { ...failed('failed', hostile, agent), duration_seconds: 3, total_cost_usd: 1 },
    { id: 'odd', workflow_name: agent, status: '<i>odd</i>', started_at: ago(1000) },
    { id: 'going', workflow_name: agent, status: 'running', started_at: ago(1000) },
  ])
  const { html } = await page(app, '/')
  expect(html.querySelectorAll('main script, main img, main b, main em, [onclick], [onerror]')).toEqual([])
  expect(html.querySelector('.cause .line1')!.text).toBe(hostile)
  expect(html.querySelector('.cause .line2')!.text.trim()).toBe(agent)
  expect(html.querySelector('#running-going strong')!.text).toBe(agent)
  expect(html.querySelector('#latest-failed .line2')!.text.trim()).toBe(hostile)
  expect(html.querySelector('.cost-row .cut')!.text).toBe(agent)
  const path = html.querySelector('.cost-row')!.getAttribute('href')!
  expect(new URL(path, 'http://x').searchParams.getAll('agent')).toEqual([agent])
  expect(html.querySelector('[data-plot-table="run-hours"] thead')!.text).toContain('<i>odd</i>')
})

test('draws a bar for each hour that leads to its runs, failures on the base line, and says the same in a table', async () => {
  const app = await build()
  await insertRuns(app, [
    ...[1, 2, 3].map((index) => ({ id: `done-${index}`, started_at: ago(index), duration_seconds: index })),
    failed('failed', refused),
    { id: 'yesterday', started_at: ago(20 * hourMs) },
    { id: 'before', started_at: ago(24 * hourMs) },
  ])
  const { html } = await page(app, '/')
  const figure = html.querySelector('[aria-labelledby="runs-title"] .figure')!
  expect(oneLine(figure)).toBe('5 runs 1 failed · 20.0% p50 2.0s · p95 3.0s')
  const bars = html.querySelectorAll('#run-hours .slot')
  expect(bars).toHaveLength(24)
  expect(bars.at(-1)!.getAttribute('href')).toBe('/runs?from=2026-11-20T12%3A00&to=2026-11-20T13%3A00')
  const parts = bars.at(-1)!.querySelectorAll('rect.fill')
  expect(parts.map((part) => part.getAttribute('class'))).toEqual(['fill bad', 'fill vol'])
  const [bad, good] = parts.map((part) => ({
    y: Number(part.getAttribute('y')),
    height: Number(part.getAttribute('height')),
  }))
  expect(bad!.y + bad!.height).toBe(140)
  expect(good!.y + good!.height).toBeCloseTo(bad!.y, 5)
  expect(good!.height / bad!.height).toBeCloseTo(3, 1)
  // Midnight ends a day and begins none.
  expect(bars[10]!.getAttribute('href')).toBe('/runs?from=2026-11-19T23%3A00&to=2026-11-19')
  const rows = html.querySelectorAll('[data-plot-table="run-hours"] tbody tr').map((row) => oneLine(row))
  expect(rows).toHaveLength(24)
  expect(rows.at(-1)).toContain('Today, 12:00–13:00')
})

test('compares the week with the last until now, by day and by agent, and knows what it does not know', async () => {
  const app = await build()
  const texts = async () => {
    const { html } = await page(app, '/')
    const card = html.querySelector('[aria-labelledby="cost-title"]')!
    return {
      cost: oneLine(card.querySelector('.figure, .nothing')!),
      agents: html.querySelectorAll('.cost-row').map(oneLine),
    }
  }
  await insertRuns(app, [{ id: 'unknown', started_at: ago(60_000) }])
  expect(await texts()).toEqual({ cost: 'No run reported its cost this week or last week.', agents: [] })
  const cost = (id: string, agent: string, ms: number, total_cost_usd: number) => ({
    ...{ id, workflow_name: agent, total_cost_usd },
    started_at: ago(ms),
  })
  await insertRuns(app, [cost('a', 'writer', 60_000, 3), cost('b', 'writer', 4 * dayMs, 1)])
  expect(await texts()).toEqual({ cost: '$4.00 Nothing by this time last week', agents: ['writer $4.00 new'] })
  await insertRuns(app, [
    cost('c', 'writer', 7 * dayMs + 60_000, 5),
    cost('later', 'writer', 7 * dayMs - 60_000, 99),
    cost('before', 'writer', 12 * dayMs, 99),
    ...Array.from({ length: 8 }, (_, index) => cost(`run-${index}`, `agent-${index}`, dayMs, 0.01 * (index + 1))),
    cost('free', 'gratis', 60_000, 0),
  ])
  expect(await texts()).toEqual({
    cost: '$4.36 −13% on last week until now ($5.00)',
    agents: [
      'writer $4.00 −20%',
      ...[7, 6, 5, 4, 3].map((index) => `agent-${index} $0.0${index + 1}00 new`),
      '3 others $0.0600 new',
    ],
  })
})

test('shows what runs now, beside what it usually takes', async () => {
  const agent = await startAgent()
  const app = await build()
  await register(app, agent.url, 'writer')
  const ofWriter = { workflow_name: 'writer', agent_id: 'writer', agent_workflow: 'article' }
  await insertRuns(app, [
    ...Array.from({ length: 5 }, (_, index) => ({
      ...{ ...ofWriter, id: `done-${index}`, started_at: ago(hourMs), duration_seconds: 8 },
    })),
    { ...ofWriter, id: 'going', status: 'running', started_at: ago(5000) },
    { ...ofWriter, id: 'new', agent_workflow: 'other', status: 'running', started_at: ago(6000) },
    { ...ofWriter, id: 'queued', status: 'pending', started_at: ago(7000) },
    ...[1, 2].map((index) => ({ id: `local-${index}`, status: 'running', started_at: ago(60_000 * index) })),
  ])
  const { html } = await page(app, '/')
  const card = html.querySelector('[aria-labelledby="running-title"]')!
  expect(card.querySelectorAll('.now').map(oneLine)).toEqual([
    'article on writer 5.0s of about 8.0s',
    'other on writer 6.0s',
    'report local Running 1m ago',
    'report local Running 2m ago',
    'article on writer Queued 7s ago',
  ])
  expect(card.querySelector('.count')!.text).toBe('5')
  expect((await api(app, 'GET', card.querySelector('.end a')!.getAttribute('href')!)).json.total).toBe(5)
  const meters = card.querySelectorAll('.meter')
  expect(meters).toHaveLength(1)
  // Of 125 % of what 95 of 100 runs take.
  expect(meters[0]!.querySelector('.done')!.getAttribute('width')).toBe('50%')
  expect(meters[0]!.querySelector('.tick')!.getAttribute('x')).toBe('80%')
})

test('says what is missing, and what to do next', async () => {
  const app = await build()
  const agent = await startAgent()
  await register(app, agent.url)
  expect((await partial(app, '/')).text).toContain('No runs yet')
  await insertRuns(app, [{ id: 'old', started_at: ago(9 * dayMs) }])
  const text = (await partial(app, '/')).text.replace(/\s+/g, ' ')
  expect(text).toContain('No run started in the last 24 hours. The newest is from 11 Nov, 12:30. See all runs')
  expect(text).toContain('Nothing is running. Execute an agent')
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
  expect(text).toMatch(/Reading the history: [\d,]+ of 2,006 runs/)
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
  expect(json).toMatchObject({ running: { runs: 2 }, last_24_hours: { runs: 2004 } })
})
