import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, page, partial, register } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { createPythonDatabase, insertRunAsPython, pythonRuns } from '../support/store/python-database.ts'
import { connect } from '../support/store/store.ts'
import { temporaryFolder } from '../support/temporary.ts'

test('an empty history says what to do', async () => {
  const app = await buildTestApp()
  const { html, status } = await page(app, '/runs')
  expect(status).toBe(200)
  expect(html.querySelector('#runs h2')!.text).toBe('No runs yet')
  expect((await api(app, 'GET', '/runs')).json).toEqual({
    runs: [],
    total: 0,
    total_is_exact: true,
    counts: {},
    older: null,
    newer: null,
    searched_to: null,
  })
})

test('has the columns that are agreed, of a run on an agent and of a local one', async () => {
  const clock = createTestClock(Date.UTC(2026, 10, 20, 9))
  const app = await buildTestApp({}, { clock })
  await insertRuns(app, [
    {
      id: 'local-1',
      inputs: "{'topic': 'AI', 'n': 3}",
      duration_seconds: 41,
      total_tokens: 12_345,
      total_cost_usd: 0.0125,
    },
    {
      id: 'remote-1',
      workflow_name: 'writer',
      agent_id: 'writer',
      agent_workflow: 'article_writer',
      status: 'failed',
      inputs: '{"topic": "jazz"}',
      error_message: 'Connection\nrefused',
      duration_seconds: 302,
      total_tokens: 0,
      total_cost_usd: 0,
    },
    { id: '0193c6f0-0000-7000-8000-00000000abcd', status: 'running' },
  ])
  // What another program wrote is read in the background.
  app.orchestrator.start()
  await clock.advance(1000)
  const { html } = await page(app, '/runs')
  const headings = html.querySelectorAll('.runs th:not(.c-tick)').map((heading) => heading.text)
  expect(headings.map((text) => text.trim())).toEqual([
    'Status',
    'Workflow',
    'Agent ID',
    'Run ID',
    'Started',
    'Duration',
    'Tokens',
    'Cost',
  ])
  const rows = html
    .querySelectorAll('tr.run')
    .map((row) => row.querySelectorAll('td:not(.c-tick, .c-workflow)').map((cell) => cell.text.trim()))
  expect(rows).toEqual([
    ['Running', '-', '0193c6f0…abcd', '58m ago', '–', '–', '–'],
    ['Failed', 'writer', 'remote-1', '59m ago', '5m 2s', '0', '$0.00'],
    ['Completed', '-', 'local-1', '1h ago', '41.0s', '12,345', '$0.0125'],
  ])
  // Which run it is, and below what went wrong, or what it was given.
  const names = html.querySelectorAll('.c-workflow').slice(-3)
  expect(names.map((cell) => [cell.querySelector('a')!.text, cell.querySelector('div')!.text])).toEqual([
    ['report', '–'],
    ['article_writer on writer', 'Connection refused'],
    ['report', 'topic: AI · n: 3'],
  ])
  expect(html.querySelectorAll('.c-workflow .bad')).toHaveLength(1)
  for (const row of html.querySelectorAll('tr.run')) {
    const [toRun, ...others] = row.querySelectorAll('a')
    expect(others).toEqual([])
    expect((await page(app, toRun!.getAttribute('href')!)).status).toBe(200)
    expect(toRun!.getAttribute('href')).toBe(`/runs/${row.id.slice('run-'.length)}`)
  }
})

test('the newest run stands first; of two that began together, the one with the later id', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [{ id: 'c' }, { id: 'a' }, { id: 'b', started_at: '2026-11-20 08:01:00.000000' }])
  const { json } = await api(app, 'GET', '/runs')
  expect(json.runs.map(({ run_id }: { run_id: string }) => run_id)).toEqual(['b', 'a', 'c'])
})

test('polls itself with the very markup that the page includes', async () => {
  const app = await buildTestApp({}, { clock: createTestClock() })
  await insertRuns(app, [{}, {}])
  const polled = await partial(app, '/runs?status=completed')
  expect(polled.html.children).toHaveLength(1)
  const region = polled.html.firstElementChild!
  expect(region.attributes).toMatchObject({
    id: 'runs',
    'hx-get': expect.stringMatching(/^\/runs\?status=completed&top=\d+$/),
    'hx-trigger': 'every 10s, refresh',
  })
  const whole = await page(app, '/runs?status=completed')
  expect(whole.html.querySelector('#runs')!.outerHTML).toBe(region.outerHTML)
})

test('a script gets the same rows', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [
    {
      id: 'one',
      workflow_name: 'writer',
      agent_id: 'writer',
      agent_workflow: 'article_writer',
      completed_at: '2026-11-20 08:00:41.500000',
      duration_seconds: 41.5,
      total_tokens: 12,
      total_cost_usd: 0.5,
    },
  ])
  const { json } = await api(app, 'GET', '/runs')
  expect(json).toEqual({
    runs: [
      {
        run_id: 'one',
        agent_id: 'writer',
        workflow: 'article_writer',
        status: 'completed',
        started_at: '2026-11-20T08:00:00.000Z',
        completed_at: '2026-11-20T08:00:41.500Z',
        duration_seconds: 41.5,
        total_tokens: 12,
        total_cost_usd: 0.5,
        started_by: null,
      },
    ],
    total: 1,
    total_is_exact: true,
    counts: { completed: 1 },
    older: null,
    newer: null,
    searched_to: null,
  })
})

test('what has just been executed, and what another program adds, stands there at once', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const shown = async () => (await partial(app, '/runs')).html.querySelectorAll('tr.run').length
  expect(await shown()).toBe(0)
  await ended(app, await execute(app, 'writer'))
  expect(await shown()).toBe(1)
  await insertRuns(app, [{}])
  expect(await shown()).toBe(2)
})

test('a run that is going on counts its time', async () => {
  const clock = createTestClock(Date.UTC(2026, 10, 20, 8, 5, 2))
  const app = await buildTestApp({}, { clock })
  await insertRuns(app, [{ workflow_name: 'writer', agent_id: 'writer', status: 'running' }])
  const duration = async () => (await partial(app, '/runs')).html.querySelector('tr.run .c-duration')!.text.trim()
  expect(await duration()).toBe('5m 2s')
  await clock.advance(60_000)
  expect(await duration()).toBe('6m 2s')
})

test('names and statuses of other programs are printed as text', async () => {
  const hostile = '"><img src=x onerror=alert(1)>'
  const app = await buildTestApp()
  await insertRuns(app, [
    { id: `a/b?${hostile}`, workflow_name: hostile, status: hostile, agent_id: hostile, error_message: hostile },
  ])
  const { html } = await page(app, '/runs')
  expect(html.querySelectorAll('img[src="x"], [onerror]')).toEqual([])
  expect(html.querySelector('.c-workflow a')!.firstChild!.text).toBe(hostile)
  expect((await page(app, html.querySelector('tbody a')!.getAttribute('href')!)).status).toBe(200)
  const status = html.querySelectorAll('.tabs a').at(-1)!.getAttribute('data-status')!
  expect(status).toBe(hostile)
  expect((await page(app, `/runs?${new URLSearchParams({ status })}`)).text).toContain('1 run')
})

test('while older rows are read, a line says how far that is, and the list answers with what is there', async () => {
  const db = `${temporaryFolder()}/workflows.db`
  createPythonDatabase(db)
  const python = connect(db)
  const many = Array.from({ length: 2000 }, (_, index) => ({ ...pythonRuns[0]!, id: `older-${index}` }))
  python.transaction(() => {
    for (const run of many) insertRunAsPython(python, run)
  })()
  const app = await buildTestApp({ db })
  const { html } = await page(app, '/runs')
  const line = /Reading the history: ([\d,]+) of ([\d,]+) runs\./.exec(html.querySelector('.notice')!.text)!
  const [done, all] = line.slice(1).map((figure) => Number(figure.replace(',', '')))
  expect(done).toBeGreaterThan(0)
  expect(all).toBe(many.length + pythonRuns.length)
  expect(html.querySelectorAll('tr.run')).toHaveLength(50)
  app.orchestrator.start()
  await expect.poll(async () => (await page(app, '/runs')).html.querySelector('.notice')).toBeNull()
  await expect.poll(async () => (await api(app, 'GET', '/runs')).json.total).toBe(all)
})
