import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, expectProblem, page, partial, register } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { insertRuns, type StoredRun } from '../../support/runs/runs.ts'

const remote: StoredRun = {
  id: 'one',
  workflow_name: 'writer',
  agent_id: 'writer',
  agent_workflow: 'article_writer',
  agent_url: 'http://localhost:8001',
  inputs: '{"topic":"SQLite"}',
}
const finished: StoredRun = {
  ...remote,
  outputs: '{"result": "Text", "score": 0.50, "tags": ["a", "b"]}',
  completed_at: '2026-11-20 08:00:41.500000',
  duration_seconds: 41.5,
  total_tokens: 12_345,
  total_cost_usd: 0.0125,
}

const words = (text: string) => text.replace(/\s+/g, ' ').trim()

function factsOf(html: { querySelectorAll: (selector: string) => { children: { text: string }[] }[] }) {
  return html.querySelectorAll('.facts > div').map(({ children }) => children.map(({ text }) => words(text)))
}

test('shows status, times, agent, inputs, outputs, tokens and cost', async () => {
  const app = await buildTestApp({}, { clock: createTestClock(Date.UTC(2026, 10, 20, 8, 10)) })
  await insertRuns(app, [finished])
  const { html, status } = await page(app, '/runs/one')
  expect(status).toBe(200)
  expect(html.querySelector('title')!.text).toBe('article_writer on writer · Configurable Agents')
  expect(html.querySelector('#run-status')!.text.trim()).toBe('Completed')
  expect(factsOf(html)).toEqual([
    ['Duration', '41.5s'],
    ['Tokens', '12,345'],
    ['Cost', '$0.0125'],
    ['Started', '10m ago 08:00'],
    ['Agent ID', 'writer removed'],
    ['Run ID', 'one'],
  ])
  expect(html.querySelector('.facts time')!.getAttribute('title')).toBe('20 Nov 2026, 08:00:00 UTC')
  expect(
    html
      .querySelectorAll('.output.fields > div')
      .map(({ children }) => children.map(({ text }) => words(text)).join(' ')),
  ).toEqual(['result Text', 'score 0.50', 'tags a b'])
  expect(html.querySelectorAll('.pairs > div').map(({ text }) => words(text))).toEqual(['topic SQLite'])
  expect(html.querySelectorAll('#outputs-text')).toEqual([])
  const asJson = (await page(app, '/runs/one?tab=json')).html
  expect(asJson.querySelector('#outputs-text')!.text).toBe(
    '{\n  "result": "Text",\n  "score": 0.50,\n  "tags": [ "a", "b" ]\n}',
  )
  expect(asJson.querySelector('#inputs-text')!.text).toBe('{\n  "topic": "SQLite"\n}')
})

test('leads to its agent, and to executing it again while it is registered', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelector('h1')!.text).toBe('article_writer on Article Writer')
  expect(html.querySelectorAll('.facts a').map((link) => [link.text, link.getAttribute('href')])).toEqual([
    ['writer', '/orchestrator/writer'],
  ])
  expect(html.querySelector('.head-end a[href^="/orchestrator"]')!.attributes).toMatchObject({
    href: `/orchestrator/writer/execute?from=${runId}`,
    'hx-get': `/orchestrator/writer/execute?from=${runId}`,
  })
})

test.each(['pending', 'running'])('polls itself while it is %s', async (status) => {
  const app = await buildTestApp()
  await insertRuns(app, [{ ...remote, status }])
  const { html } = await partial(app, '/runs/one')
  expect(html.children).toHaveLength(1)
  expect(html.firstElementChild!.attributes).toMatchObject({
    id: 'run',
    'hx-get': '/runs/one',
    'hx-trigger': 'every 1s, refresh',
    'hx-swap': 'outerMorph',
  })
  expect((await page(app, '/runs/one')).html.querySelector('#run')!.getAttribute('hx-get')).toBe('/runs/one')
})

test.each(['completed', 'failed', 'cancelled', 'lost', 'paused'])('polls no more once it is %s', async (status) => {
  const app = await buildTestApp()
  await insertRuns(app, [{ ...remote, status }])
  const { html } = await partial(app, '/runs/one')
  expect(html.firstElementChild!.id).toBe('run')
  expect(html.querySelectorAll('[hx-trigger]').map((region) => region.getAttribute('hx-trigger'))).toEqual(['refresh'])
})

test('the page includes the very markup that polling returns', async () => {
  const app = await buildTestApp({}, { clock: createTestClock() })
  await insertRuns(app, [finished])
  const whole = await page(app, '/runs/one')
  const polled = await partial(app, '/runs/one')
  expect(whole.html.querySelector('#run')!.outerHTML).toBe(polled.html.firstElementChild!.outerHTML)
})

test('gives a script everything, with the digits that the agent wrote', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [{ ...finished, outputs: '{"id": 12345678901234567890, "x": 1.0}', job_id: 'job-1' }])
  const answer = await api(app, 'GET', '/runs/one')
  expect(answer).toMatchObject({ status: 200, type: 'application/json' })
  expect(answer.text).toContain('"outputs":{"id": 12345678901234567890, "x": 1.0}')
  expect(answer.json).toEqual({
    credential_url: null,
    run_id: 'one',
    agent_id: 'writer',
    workflow: 'article_writer',
    status: 'completed',
    started_at: '2026-11-20T08:00:00.000Z',
    completed_at: '2026-11-20T08:00:41.500Z',
    duration_seconds: 41.5,
    total_tokens: 12_345,
    total_cost_usd: 0.0125,
    started_by: null,
    started_by_id: null,
    error_message: null,
    job_id: 'job-1',
    agent_url: 'http://localhost:8001',
    rerun_of: null,
    trace_id: null,
    reported_at: null,
    inputs: { topic: 'SQLite' },
    outputs: { id: expect.any(Number), x: 1 },
  })
})

test('a run without inputs, outputs or error says so', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [{ id: 'bare' }])
  const { html } = await page(app, '/runs/bare')
  expect(html.querySelectorAll('.none').map((none) => none.text)).toEqual([
    'The run has no outputs.',
    'No inputs were recorded.',
  ])
  expect(html.querySelectorAll('#run pre, #run [role="alert"]')).toEqual([])
  expect(factsOf(html)).toContainEqual(['Agent ID', 'none Local run (Python)'])
  expect((await api(app, 'GET', '/runs/bare')).json).toMatchObject({ agent_id: null, inputs: null, outputs: null })
})

test('a failed local run says its error once', async () => {
  const app = await buildTestApp()
  const failed = { status: 'failed', error_message: 'Node "a" failed: no key' }
  await insertRuns(app, [
    { ...failed, id: 'short' },
    { ...failed, id: 'long', error_message: `${failed.error_message}. See the log\nline 2` },
  ])
  const why = async (id: string) => {
    const { html } = await page(app, `/runs/${id}`)
    return html.querySelectorAll('.why h2, .why p').map((one) => one.text.trim())
  }
  expect(await why('short')).toEqual([failed.error_message])
  expect((await why('long')).at(-1)).toContain('line 2')
})

test('answers 404 for a run that nobody knows, as page, partial and JSON', async () => {
  const app = await buildTestApp()
  for (const id of ['nothing', '00000000-0000-0000-0000-000000000000', '%2e%2e%2f', '%00', 'a%20b', 'x'.repeat(500)]) {
    expectProblem(await api(app, 'GET', `/runs/${id}`), 404)
    const { status, html } = await page(app, `/runs/${id}`)
    expect(status).toBe(404)
    expect(html.querySelector('main')!.text).toContain('There is no run')
    expect((await partial(app, `/runs/${id}`)).headers['hx-reswap']).toBe('none')
  }
})

test('an input without a name is told by ""', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [{ ...remote, inputs: '{"": "x"}' }])
  expect((await page(app, '/runs/one')).html.querySelector('.pairs dt')!.text).toBe('""')
})
