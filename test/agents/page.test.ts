import { expect, test } from 'vitest'
import { json, text } from '../support/agents/agent.ts'
import { checksOf, historyIn, hourMs, minuteMs } from '../support/agents/agent-history.ts'
import { rows, section, spaced, state, trimmed, withCheckedAgent } from '../support/agents/agent-page.ts'
import { type Answer, api, buildTestApp, ended, execute, expectProblem, page, partial } from '../support/app.ts'
import { withAgent } from '../support/runs/executed.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { hasNoCheckOfItsOwn } from '../support/store/database.ts'
import { connect } from '../support/store/store.ts'

const url = '/orchestrator/writer'
/** Each fact below the name, such as `ID writer`. */
const facts = ({ html }: Answer) => html.querySelectorAll('#agent-facts > div').map(spaced)

test('says who the agent is and how it does, and leads to all that can be done with it', async () => {
  const { app, agent, clock } = await withCheckedAgent()
  await clock.advance(4000)
  const answer = await page(app, url)
  expect(answer).toMatchObject({ status: 200 })
  expect(answer.html.querySelector('h1')!.text).toBe('Article Writer')
  expect(answer.html.querySelector('title')!.text).toBe('Article Writer · Configurable Agents')
  expect(state(answer)).toBe('Healthy')
  expect(facts(answer)).toEqual(['ID writer', `URL ${agent.url}`, 'Last seen 4s ago every 10 s'])
  expect(
    answer.html.querySelectorAll('#agent-facts button').map((one) => one.getAttribute('data-copies-text')),
  ).toEqual(['writer', agent.url])
  expect(spaced(section(answer, 'Details').querySelector('dl')!)).toMatch(
    /^Registered manually, 4s ago Checks Every 10 s, 3 s timeout Last check 200 in \d+ ms, 4s ago$/,
  )
  // Many agents have no page at /docs, and nobody is asked for this page.
  expect(section(answer, 'Details').querySelectorAll('a')).toEqual([])
  const actions = answer.html.querySelectorAll('.head-end :is(a, button)')
  expect(actions.map((one) => trimmed(one.text))).toEqual([
    'Check nowChecking…',
    'Remove',
    'Edit…',
    'Pause checks',
    'Runs of this agent',
    'Copy ID',
    'Copy URL',
    'Execute',
  ])
  for (const link of answer.html.querySelectorAll('.head-end a')) {
    expect((await page(app, link.getAttribute('href')!)).status).toBe(200)
  }
})

test('leads to what runs on it, and shows how far that is', async () => {
  const { app, agent } = await withCheckedAgent()
  const completed = json({ status: 'success', outputs: {} })
  const waiting: (() => void)[] = []
  agent.handlers.run = (...asked) => void waiting.push(() => completed(...asked))
  const running = async () => {
    const runId = await execute(app, 'writer')
    await expect.poll(() => waiting.length).toBe(1)
    const answer = await page(app, url)
    const duration = answer.html.querySelector('.latest tbody .c-dur')!
    waiting.pop()!()
    await ended(app, runId)
    return { answer, duration }
  }
  const first = await running()
  expect(facts(first.answer).at(-1)).toBe('Running 1 run')
  const link = first.answer.html.querySelector('#agent-facts a')!
  expect(link.getAttribute('href')).toBe('/runs?agent=writer&status=running')
  expect(first.duration.querySelector('time')!.attributes).toMatchObject({ 'data-running': '' })
  // Nobody knows yet what runs of the workflow usually take.
  expect(first.duration.querySelector('.meter')).toBeNull()
  for (let index = 0; index < 4; index++) await running()
  expect((await running()).duration.querySelector('.meter')!.getAttribute('data-grows-to')).toMatch(/^[\d.]+$/)
  expect((await page(app, url)).html.querySelector('#agent-facts a')).toBeNull()
})

test('tells an agent that registered itself by its heartbeats', async () => {
  const { app, agent, clock } = await withCheckedAgent()
  await api(app, 'POST', '/agents/register', {
    agent_id: 'self',
    agent_name: 'Self',
    host: '127.0.0.1',
    port: agent.port,
    ttl_seconds: 90,
    metadata: '{"description": "Comes by itself"}',
  })
  await clock.advance(20_000)
  await api(app, 'POST', '/agents/self/heartbeat')
  await clock.advance(5000)
  const answer = await page(app, '/orchestrator/self')
  expect(spaced(section(answer, 'Details'))).toContain(
    'Registered by itself, 25s ago Heartbeat 5s ago expires 90 s after the last',
  )
  expect(spaced(section(answer, 'What it does'))).toContain('Comes by itself')
  await clock.advance(100_000)
  expect(state(await page(app, '/orchestrator/self'))).toBe('Expired 15s')
})

test('shows the latest runs as the list of runs does', async () => {
  const { app, clock } = await withCheckedAgent()
  expect(section(await page(app, url), 'Latest runs').text).toContain('No runs yet')
  const ids: string[] = []
  for (let index = 0; index < 6; index++) {
    ids.push(await execute(app, 'writer', { topic: `${index}` }))
    await ended(app, ids.at(-1)!)
    await clock.advance(1000)
  }
  const answer = await page(app, url)
  const shown = answer.html.querySelectorAll('.latest tbody a').map((link) => link.getAttribute('href'))
  const latest = ids.toReversed().slice(0, 5)
  expect(shown).toEqual(latest.map((id) => `/runs/${id}`))
  const [status, what, started, duration, cost] = rows(answer, '.latest')[0]!
  expect([status, what, started]).toEqual(['Completed', 'article_writer topic: 5', '1s ago'])
  expect([duration, cost]).toEqual([expect.stringMatching(/^\d/), '–'])
  const all = section(answer, 'Latest runs').querySelector('.end a')!
  expect([all.text, all.getAttribute('href')]).toEqual(['All 6', '/runs?agent=writer'])
})

test('has a page where nobody can tell since when a run of its name has been running', async () => {
  const { app } = await withCheckedAgent()
  await insertRuns(app, [{ workflow_name: 'writer', status: 'running', started_at: 'unknown' }])
  const answer = await page(app, url)
  expect(answer.status).toBe(200)
  expect(rows(answer, '.latest')[0]!.slice(0, 3)).toEqual(['Running', 'writer', '–'])
})

test('shows what its runs cost this week, day by day beside the last', async () => {
  const { app } = await withCheckedAgent()
  expect((await page(app, url)).html.querySelector('#costs')).toBeNull()
  const run = { workflow_name: 'writer', agent_id: 'writer', status: 'completed' }
  // Today is Sunday 22 November, so the week began on the 16th.
  await insertRuns(app, [
    { ...run, started_at: '2026-11-11 10:00:00.000000', total_cost_usd: 2 },
    { ...run, started_at: '2026-11-18 10:00:00.000000', total_cost_usd: 3 },
    { ...run, started_at: '2026-11-22 10:00:00.000000', total_cost_usd: 1.5 },
    {
      ...run,
      workflow_name: 'other',
      agent_id: 'other',
      started_at: '2026-11-22 10:00:00.000000',
      total_cost_usd: 100,
    },
  ])
  const { html } = await page(app, url)
  expect(spaced(html.querySelector('#costs .figure')!)).toBe('$4.50 +125% on last week until now ($2.00)')
  const days = html.querySelectorAll('[data-plot-table="cost-days"] tbody tr').map(spaced)
  expect([days[2], days[6]]).toEqual(['Wed 18 Nov $3.00 $2.00', 'Today $1.50 –'])
  const dearest = html.querySelector('#costs .end a')!.getAttribute('href')!
  expect((await page(app, dearest)).html.querySelectorAll('.runs tr.run')).toHaveLength(2)
})

test('shows what the agent takes, as it last said, and its own text', async () => {
  const schema = `{"workflow": "w", "inputs": {"topic": {"type": "str", "required": true, "description": "What"},
    "size": {"type": "int", "required": false, "default": 1.50}}, "outputs": ["result"]}`
  const { app, agent } = await withCheckedAgent({ schema: text(schema, 200, 'application/json') })
  const inputs = ({ html }: Answer) => html.querySelectorAll('.schema > li').map(spaced)
  await expect.poll(async () => inputs(await page(app, url))).toHaveLength(2)
  const answer = await page(app, url)
  expect(inputs(answer)).toEqual(['topic str required What', 'size int default 1.50'])
  expect(spaced(section(answer, 'What it does'))).toMatch(/Returns result$/)
  const asked = () => agent.requests.filter((one) => one.url === '/schema').length
  const before = asked()
  const raw = await app.inject(section(answer, 'What it does').querySelector('a')!.getAttribute('href')!)
  expect(raw.payload).toBe(schema)
  expect(raw.headers['content-type']).toBe('application/json; charset=utf-8')
  expect((await api(app, 'GET', url)).text).toContain('"default": 1.50')
  expect(asked()).toBe(before)
})

test('says when the agent has never been asked for its schema', async () => {
  const { app } = await withCheckedAgent({ schema: json({ detail: 'Not Found' }, 404) })
  expect(section(await page(app, url), 'What it does').text).toContain('The schema is not known yet.')
  expectProblem(await api(app, 'GET', `${url}/schema/last`), 404)
  expect((await api(app, 'GET', url)).json.schema).toBeNull()
})

test('shows what the last check brought, without cookies and in its beginning', async () => {
  const { app, clock, agent } = await withCheckedAgent({
    health: (_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'secret=1', 'x-long': 'x'.repeat(1000) })
        .end(JSON.stringify({ status: 'healthy', more: 'y'.repeat(6000) })),
  })
  const shown = async () => section(await page(app, url), 'Details')
  const check = await shown()
  expect(spaced(check)).toMatch(/Last check 200 in \d+ ms, now Last answer GET http:\S+\/health /)
  expect(check.querySelector('#answer-body')!.text).toHaveLength(4096)
  expect(check.text).toContain('Only the start of the answer is kept.')
  const headers = check.querySelector('#answer-headers')!.text
  expect(headers).toContain('content-type: application/json')
  expect(headers).toContain(`x-long: ${'x'.repeat(300)}…`)
  expect(headers).not.toContain('secret')

  agent.handlers.health = text('<h1>Down for repair</h1>', 503, 'text/html')
  await clock.advance(10_000)
  await expect.poll(async () => spaced(await shown())).toContain('Last check 503 in ')
  expect((await shown()).querySelector('#answer-body')!.text).toBe('<h1>Down for repair</h1>')
  expect((await api(app, 'GET', url)).json.last_check).toMatchObject({
    at: '2026-11-22T16:14:40.057Z',
    url: `${agent.url}/health`,
    status: 503,
    body: '<h1>Down for repair</h1>',
    failure: null,
    headers: { 'content-type': 'text/html' },
  })
})

test('tells a script the same, by names that stay', async () => {
  hasNoCheckOfItsOwn()
  const { app, agent, clock } = await withAgent()
  const history = historyIn(app)
  const now = clock.now()
  await history.record(checksOf('writer', { from: now - 30 * minuteMs, to: now, everyMs: minuteMs }))
  await history.beginIncident('writer', now - hourMs, 'connection refused')
  await history.endIncidents('writer', now - hourMs + 1500)
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  const { json: found, type } = await api(app, 'GET', url)
  expect(type).toBe('application/json')
  expect(found).toMatchObject({
    agent_id: 'writer',
    agent_name: 'Article Writer',
    agent_url: agent.url,
    status: 'healthy',
    registered_by: 'hand',
    paused_at: null,
    check_interval_seconds: 10,
    check_timeout_seconds: 3,
    uptime: { '24h': 1, '7d': 1, '30d': 1, watched_since: expect.stringMatching(/^2026-11-22T15:00:00/) },
    latency: { range: '24h', point_seconds: 300, up: 30, down: 0, average_ms: 40, fastest_ms: 40, slowest_ms: 40 },
    incidents: [
      {
        started_at: '2026-11-22T15:14:30.057Z',
        ended_at: '2026-11-22T15:14:31.557Z',
        duration_seconds: 1.5,
        reason: 'connection refused',
        runs: [],
        runs_total: 0,
      },
    ],
    has_more_incidents: false,
    latest_runs: [{ run_id: runId, status: 'completed' }],
    runs_total: 1,
    last_check: { status: 200, failure: null },
    schema: { workflow: 'article_writer' },
  })
  expect(found.latency.points.at(-1)).toEqual({
    at: '2026-11-22T16:10:00.000Z',
    up: 4,
    down: 0,
    average_ms: 40,
    fastest_ms: 40,
    slowest_ms: 40,
  })
  expect((await api(app, 'GET', `${url}?range=1y`)).json.latency).toMatchObject({ range: '1y', point_seconds: 86_400 })
})

test('shows all that agents and people wrote as text', async () => {
  const hostile = `"><img src=x onerror='alert(1)'></pre><script>alert(1)</script>`
  const { app, agent, clock } = await withCheckedAgent({
    schema: json({
      workflow: hostile,
      inputs: { [hostile]: { type: hostile, required: true, default: hostile, description: hostile } },
      outputs: [hostile],
    }),
  })
  agent.handlers.health = json({ status: hostile }, 200)
  await api(app, 'POST', `${url}/edit`, { agent_name: hostile, description: hostile })
  await clock.advance(10_000)
  const shown = () => page(app, url)
  await expect.poll(async () => (await shown()).text).toContain(`Reports "${hostile.slice(0, 50)}`)
  const { html } = await shown()
  expect(html.querySelector('h1')!.textContent).toBe(hostile)
  expect(html.querySelectorAll('main img, main script')).toEqual([])
  expect(html.querySelectorAll('.schema .code, .schema code').map((code) => code.textContent)).toEqual([
    hostile,
    hostile,
    JSON.stringify(hostile),
  ])
  expect(html.querySelector('#answer-body')!.textContent).toContain('onerror')
})

test('an id that nobody has gives the 404 page, and a script a problem', async () => {
  const app = await buildTestApp()
  const { status, html } = await page(app, '/orchestrator/nobody')
  expect(status).toBe(404)
  expect(html.querySelector('h1')!.text).toBe('There is no agent "nobody".')
  const links = html.querySelectorAll('.gone-links a').map((link) => link.getAttribute('href'))
  expect(links).toEqual(['/orchestrator', '/runs?agent=nobody'])
  expectProblem(await api(app, 'GET', '/orchestrator/nobody'), 404)
  expect((await page(app, '/orchestrator/nobody/edit')).status).toBe(404)
})

test('a page whose agent was removed says so, and stops to poll', async () => {
  const { app } = await withCheckedAgent()
  const { html } = await partial(app, url)
  expect(html.querySelector('#agent')!.getAttribute('hx-status:404')).toBe('swap:outerMorph')
  await api(app, 'DELETE', url)
  const gone = await partial(app, url)
  expect(gone.status).toBe(404)
  expect(gone.html.firstElementChild!.id).toBe('agent')
  expect(gone.text).toContain('This agent was removed. Its runs stay.')
  expect(gone.html.querySelectorAll('[hx-get], [data-polls]')).toEqual([])
})

test('an agent that is removed on its own page, or on the page that asks, leads back to the list', async () => {
  const { app, agent } = await withCheckedAgent()
  for (const from of [url, `${url}?range=7d`, '/agents/writer', `${url}/remove`]) {
    const headers = { 'hx-request': 'true', accept: 'text/html', 'hx-current-url': `http://localhost${from}` }
    const answer = await app.inject({ method: 'DELETE', url, headers })
    expect(answer.headers['hx-redirect']).toBe('/orchestrator')
    await api(app, 'POST', '/orchestrator/register', {
      agent_id: 'writer',
      agent_name: 'Article Writer',
      agent_url: agent.url,
    })
  }
})

test('a run leads to the page of its agent, while there is one', async () => {
  const { app } = await withCheckedAgent()
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  const link = async () => (await page(app, `/runs/${runId}`)).html.querySelector(`.facts a[href="${url}"]`)
  expect((await link())!.text).toBe('writer')
  await api(app, 'DELETE', url)
  expect(await link()).toBeNull()
})

test('the region carries its polling, its tags, and nothing around it', async () => {
  const { app } = await withCheckedAgent()
  const whole = await page(app, url)
  const response = await app.inject({ url, headers: { 'hx-request': 'true', accept: 'text/html' } })
  expect(response.payload).toMatch(/^<article[\s\S]*<\/article>$/)
  const polled = await partial(app, url)
  expect(whole.html.querySelector('#agent')!.outerHTML).toBe(polled.html.firstElementChild!.outerHTML)
  expect(polled.headers.etag).toBe(polled.html.firstElementChild!.getAttribute('data-etag'))
})

test('polling is answered with 304 until something changes that is shown', async () => {
  const { app, clock } = await withCheckedAgent()
  const region = (await partial(app, url)).html.firstElementChild!
  const [etag, states] = [region.getAttribute('data-etag')!, region.getAttribute('data-states-etag')!]
  const ask = async (tags: string) => {
    const headers = { 'hx-request': 'true', accept: 'text/html', 'if-none-match': tags }
    return (await app.inject({ url, headers })).statusCode
  }
  expect(await ask(etag)).toBe(304)
  await ended(app, await execute(app, 'writer'))
  expect(await ask(etag)).toBe(200)
  expect(await ask(`${etag}, ${states}`)).toBe(304)
  await api(app, 'POST', `${url}/pause`)
  expect(await ask(`${etag}, ${states}`)).toBe(200)
  const paused = (await partial(app, url)).html.firstElementChild!.getAttribute('data-etag')!
  expect(await ask(paused)).toBe(304)
  // The chart goes on though nothing happens.
  await clock.advance(minuteMs)
  expect(await ask(paused)).toBe(200)
})

test('no page, poll or script that looks at an agent has anything asked of it', async () => {
  const { app, agent } = await withCheckedAgent()
  await expect.poll(() => agent.requests.map((one) => one.url)).toEqual(['/health', '/schema'])
  for (let times = 0; times < 10; times++) {
    await page(app, url)
    await partial(app, `${url}?range=30d`)
    await api(app, 'GET', url)
    await page(app, `${url}/edit`)
  }
  expect(agent.requests).toHaveLength(2)
})

test('an agent that took the name of a page of ours has its page elsewhere', async () => {
  const { app, agent } = await withCheckedAgent()
  for (const id of ['register', 'health-check', 'test', 'check']) {
    const self = { agent_id: id, agent_name: `Named ${id}`, host: '127.0.0.1', port: agent.port }
    expect(await api(app, 'POST', '/agents/register', self)).toMatchObject({ status: 200 })
    const list = await page(app, '/orchestrator')
    const link = list.html.querySelectorAll('.c-name a').find((one) => one.text === `Named ${id}`)!
    expect(link.getAttribute('href')).toBe(`/agents/${id}`)
    const answer = await page(app, `/agents/${id}`)
    expect(answer.html.querySelector('h1')!.text).toBe(`Named ${id}`)
    expect(answer.html.querySelector('#agent')!.getAttribute('hx-get')).toBe(`/agents/${id}`)
    expect((await partial(app, `/agents/${id}`)).html.querySelector('#agent')).toBeTruthy()
    await ended(app, await execute(app, id))
  }
})

test('every name that is kept for a page is one, and every page has its name kept', async () => {
  const { pageNames } = await import('../../src/shared/reserved-ids.ts')
  const app = await buildTestApp()
  const routes = app.printRoutes({ commonPrefix: false, includeHooks: false })
  const below = /─ orchestrator \([\s\S]*?\n {4}├/.exec(routes)![0]
  const names = [...below.matchAll(/^ {4}│ {3}[├└]── \/([a-z-]+) \(/gm)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(3)
  expect(new Set(names)).toEqual(pageNames)
})

test('an agent of the Python program whose times cannot be read has a page too', async () => {
  const { app, agent } = await withCheckedAgent()
  connect(app.db)
    .prepare(
      `INSERT INTO agents (agent_id, agent_name, host, port, last_heartbeat, ttl_seconds, agent_metadata, registered_at)
       VALUES ('odd', 'Odd', '127.0.0.1', ?, 'some day', 60, 'None', 'once')`,
    )
    .run(agent.port)
  const answer = await page(app, '/orchestrator/odd')
  expect(answer.status).toBe(200)
  expect(answer.html.querySelector('h1')!.text).toBe('Odd')
  expect((await api(app, 'GET', '/orchestrator/odd')).json).toMatchObject({ registered_at: null })
})
