import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { toDatetime } from '../../src/store/sqlite/sql/datetime.ts'
import { type AgentHandler, json, silence, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, execute, page, partial, register, type TestApp } from '../support/app.ts'
import { createHastyClock, createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { changeBeside } from '../support/store/beside.ts'
import { insertAgentAsPython } from '../support/store/python-database.ts'
import { writeAsPython } from '../support/store/python-rows.ts'

const url = '/orchestrator/health-check'

/** Puts agents into the database that nobody has checked yet, as they stand there when the program starts. */
const insertAgents = (app: TestApp, ports: number[]) =>
  writeAsPython(app.db, (file) => {
    ports.forEach((port, index) => {
      insertAgentAsPython(file, { id: `agent-${index}`, port, metadata: null, at: '2026-11-20 08:00:00' })
    })
    file.exec("UPDATE agents SET host = '127.0.0.1'")
  })

/** What stands in the column `Status`, one text for each agent. */
async function states(app: TestApp): Promise<string[]> {
  const { html } = await partial(app, url)
  return html.querySelectorAll('tr[data-state] .c-status').map(({ text }) => text.replace(/\s+/g, ' ').trim())
}

const shows = (app: TestApp, ...expected: string[]) => expect.poll(() => states(app)).toEqual(expected)

const polling = {
  id: 'agents',
  'hx-get': url,
  'hx-trigger': 'every 10s, refresh',
  'hx-swap': 'outerMorph',
}

test('the list carries its own polling when it is empty', async () => {
  const app = await buildTestApp()
  const { status, html } = await partial(app, url)
  expect(status).toBe(200)
  expect(html.firstElementChild!.attributes).toMatchObject(polling)
  expect(html.firstElementChild!.classList.contains('is-empty')).toBe(true)
  expect(html.querySelector('#agents-head h1')!.text).toBe('Connect your first agent')
})

test('the list carries its own polling when there are agents, and the head of the page and the tabs come with it', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const { html } = await partial(app, url)
  const [list, ...beside] = html.children
  expect(list!.attributes).toMatchObject(polling)
  for (const part of beside) {
    expect(part.attributes).toEqual({ 'hx-target': `#${part.firstElementChild!.id}`, 'hx-swap': 'outerMorph' })
  }
  expect(beside.map((part) => part.firstElementChild!.id)).toEqual(['agents-head', 'agents-tabs'])
})

test('the page includes the very markup that polling returns', async () => {
  const agent = await startAgent()
  const app = await buildTestApp({}, { clock: createTestClock() })
  await register(app, agent.url)
  const whole = await page(app, '/orchestrator')
  const polled = await partial(app, url)
  for (const region of ['#agents', '#agents-head', '#agents-tabs']) {
    expect(whole.html.querySelector(region)!.outerHTML).toBe(polled.html.querySelector(region)!.outerHTML)
  }
})

test('asks as often as the checks are made', async () => {
  const app = await buildTestApp({ healthIntervalSeconds: 2.5 })
  const { html } = await partial(app, url)
  expect(html.firstElementChild!.getAttribute('hx-trigger')).toBe('every 2.5s, refresh')
})

test('answers a browser that was sent there with the list, and a script with JSON', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  expect((await page(app, url)).html.querySelector('#agents')).toBeTruthy()
  const { json: list } = await api(app, 'GET', url)
  expect(list.agents).toMatchObject([{ agent_id: 'writer', status: 'healthy', reason: null }])
})

test('pages and polls cause no check, however many there are', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await insertAgents(app, [agent.port])
  for (let round = 0; round < 50; round++) {
    await page(app, '/orchestrator')
    await partial(app, url)
    await api(app, 'GET', url)
    await partial(app, '/')
  }
  expect(agent.requests).toEqual([])
  await shows(app, 'Checking')
  app.orchestrator.start()
  await clock.advance(0)
  await shows(app, 'Healthy')
  expect(agent.requests).toHaveLength(1)
})

test('shows what an agent is and does, and leads to all that can be done with it', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await register(app, agent.url)
  await insertRuns(app, [
    { workflow_name: 'writer', duration_seconds: 2, total_cost_usd: 0.5, started_at: toDatetime(clock.now()) },
    { workflow_name: 'writer', status: 'failed', duration_seconds: 9, started_at: toDatetime(clock.now()) },
    { workflow_name: 'editor', started_at: toDatetime(clock.now()) },
  ])
  await clock.advance(8000)
  const { html } = await partial(app, url)
  const headings = html.querySelectorAll('th').map((heading) => heading.text)
  expect(headings).toEqual([
    'Status',
    'Name / ID · URL',
    'Last hour, uptime 24 h',
    'Latency 24 h',
    'Runs 24 h',
    'Success',
    'p50',
    'Cost',
    'Last seen',
    'Actions',
  ])
  const row = html.querySelector('tr[data-state]')!
  expect(row.querySelectorAll('td').map((cell) => cell.text.trim().replace(/\s+/g, ' '))).toEqual([
    'Healthy',
    `Article Writerwriter${agent.url.replace('http://', '')}`,
    '100%',
    '0 ms',
    '2',
    '50%',
    '2.0s',
    '$0.5000',
    '8s ago',
    'ExecuteRemove',
  ])
  expect(row.querySelector('.heartbeat')!.getAttribute('aria-label')).toBe('Last hour: 2 of 2 minutes healthy')
  expect(row.querySelector('.spark')!.getAttribute('aria-label')).toBe('Latency: 0 ms')
  expect(row.querySelector('.c-ok.bad')!.text).toBe('50%')
  expect(row.querySelector('.c-seen time')!.getAttribute('datetime')).toBe('2026-11-22T16:14:30.057Z')
  const links = row.querySelectorAll('a').map((link) => [link.getAttribute('aria-label'), link.getAttribute('href')])
  expect(links).toEqual([
    [undefined, '/orchestrator/writer'],
    ['Execute Article Writer', '/orchestrator/writer/execute'],
    ['Remove Article Writer', '/orchestrator/writer/remove'],
    ['More for Article Writer', '/orchestrator/writer'],
  ])
  for (const [, path] of links) expect((await page(app, path!)).status).toBe(200)
})

test('says in the head when was checked last, and what can be done for all agents', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await insertAgents(app, [agent.port])
  const head = async () =>
    (await partial(app, url)).html.querySelector('#agents-head')!.text.replace(/\s+/g, ' ').trim()
  expect(await head()).toMatch(/^Orchestrator\s?Not checked yet · every 10 s\s?Check now\s?Checking…\s?Register agent$/)
  app.orchestrator.start()
  await clock.advance(200)
  await shows(app, 'Healthy')
  await clock.advance(1000)
  expect(await head()).toMatch(/^Orchestrator\s?Checked 1s ago · every 10 s/)
  await app.orchestrator.pause('agent-0', localActor)
  expect(await head()).toMatch(/every 10 s\s?Register agent$/)
})

test('shows an agent that stops as checking, twice, and then as down with its reason, and that it came back', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock, random: () => 0.5 })
  await register(app, agent.url)
  await shows(app, 'Healthy')
  await agent.close()
  await clock.advance(10_000)
  await shows(app, 'Checking 1/3Connection refused')
  await clock.advance(2000)
  await shows(app, 'Checking 2/3Connection refused')
  await clock.advance(2000)
  await shows(app, 'Down 4sConnection refused')
  const { html } = await partial(app, url)
  const since = html.querySelector('.c-status time')!
  expect(since.getAttribute('datetime')).toBe('2026-11-22T16:14:40.057Z')
  expect(since.getAttribute('title')).toBe('Since 22 Nov 2026, 16:14:40 UTC')
  expect(since.getAttribute('data-lasting')).toBe('')
  await clock.advance(5000)
  await shows(app, 'Down 9sConnection refused')

  await startAgent({}, agent.port)
  await clock.advance(5000)
  await clock.advance(2000)
  await shows(app, 'Healthy')
})

test('shows an agent that says it does badly with its reason, and one that works for us as busy', async () => {
  const agent = await startAgent({ health: json({ status: 'starting' }) })
  const clock = createTestClock()
  const app = await buildTestApp({ healthTimeoutSeconds: 0.2 }, { clock, random: () => 0.5 })
  await register(app, agent.url)
  await expect.poll(() => states(app)).toEqual([expect.stringMatching(/^Degraded \d+sReports "starting"$/)])

  agent.handlers.run = silence
  agent.handlers.health = silence
  const run = await execute(app, 'writer')
  await expect.poll(() => agent.requests.some(({ url }) => url === '/run')).toBe(true)
  await clock.advance(10_000)
  await shows(app, 'Busy1 running')

  await app.orchestrator.cancel(run, localActor)
  await expect.poll(() => states(app)).toEqual([expect.stringMatching(/^Degraded \d+sReports "starting"$/)])
})

test('an agent that is silent while it works on a job is busy, for three minutes after its last answer about it', async () => {
  const agent = await startAgent({
    run: json({ status: 'async', job_id: 'job-1' }),
    status: json({ status: 'running' }),
  })
  const clock = createTestClock()
  const app = await buildTestApp({ healthTimeoutSeconds: 0.1 }, { clock, random: () => 0.5 })
  await register(app, agent.url)
  await execute(app, 'writer')
  const polls = () => agent.requests.filter((one) => one.url === '/status/job-1').length
  await expect
    .poll(async () => {
      await clock.advance(1000)
      return polls()
    })
    .toBeGreaterThan(0)
  agent.handlers.health = silence
  agent.handlers.status = silence
  const check = () => api(app, 'POST', '/orchestrator/writer/check')
  await check()
  await shows(app, 'Busy1 running')
  await clock.advance(180_000)
  // The first may be one that began before.
  for (let checks = 0; checks < 4; checks++) await check()
  await expect.poll(async () => (await states(app))[0]).toMatch(/^Down .*No answer within 0\.1 s$/)
})

test('shows an agent whose state changes all the time as flapping, besides its state', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock, random: () => 0.5 })
  await register(app, agent.url)
  const checks = async (): Promise<number> => (await api(app, 'GET', url)).json.agents[0].checks.length
  for (let change = 0; change < 5; change++) {
    agent.handlers.health = json({ status: change % 2 === 0 ? 'warn' : 'healthy' })
    for (const ms of [10_000, 2000]) {
      const before = await checks()
      await clock.advance(ms)
      await expect.poll(checks).toBe(before + 1)
    }
  }
  await shows(app, 'Degraded 0sFlapping: Reports "warn"')
  expect((await api(app, 'GET', url)).json.agents[0]).toMatchObject({ status: 'degraded', is_flapping: true })
})

test('shows a paused agent as such, with nothing to check', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  await app.orchestrator.pause('writer', localActor)
  const { html } = await partial(app, url)
  expect(html.querySelector('tr[data-state] .c-status')!.text).toMatch(/^Paused \d+s$/)
  expect(html.querySelector('.heartbeat')!.getAttribute('aria-label')).toMatch(/^Last hour: /)
  expect(html.querySelectorAll('#agents-head button')).toEqual([])
  const menu = await partial(app, '/orchestrator/writer/menu')
  expect(menu.text).toContain('Resume checks')
  expect(menu.text).not.toContain('Check now')
})

test('shows when agents that registered themselves expire, worst first', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await register(app, agent.url, 'by-hand', 'By hand')
  await app.orchestrator.registerItself(
    { agent_id: 'self', agent_name: 'Self', host: '127.0.0.1', port: agent.port },
    localActor,
  )
  await shows(app, 'Checking', 'Healthy')
  await clock.advance(2000)
  await shows(app, 'Healthy', 'Healthy')
  await clock.advance(61_000)
  await shows(app, 'Expired 3sNo heartbeat within 60 s', 'Healthy')
  const { json: list } = await api(app, 'GET', url)
  expect(list.agents).toMatchObject([
    { registered_by: 'hand', status: 'healthy' },
    { registered_by: 'self', status: 'expired', ttl_seconds: 60 },
  ])
  await app.orchestrator.beat('self', localActor)
  await shows(app, 'Healthy', 'Healthy')
})

test('says that this machine may be offline when most agents fail at once', async () => {
  const app = await buildTestApp()
  const gone = await startAgent()
  await gone.close()
  await insertAgents(app, Array(10).fill(gone.port))
  expect((await partial(app, url)).html.querySelector('.notice')).toBeNull()
  app.orchestrator.start()
  await expect
    .poll(async () => (await partial(app, url)).html.querySelector('#agents > .notice')?.text)
    .toContain('This machine may be offline.')
  expect((await partial(app, '/')).text).toContain('This machine may be offline.')
  expect((await api(app, 'GET', url)).json.may_be_offline).toBe(true)
})

test('what agents and people write is text in the list', async () => {
  const hostile = '"><img src=x onerror=alert(1)>'
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock, random: () => 0.5 })
  await app.orchestrator.register(
    {
      agent_id: 'x"><b>',
      agent_name: hostile,
      agent_url: agent.url,
      description: `${hostile} & more`,
    },
    localActor,
  )
  agent.handlers.health = json({ status: `${hostile}\ud800` })
  await clock.advance(10_000)
  await expect.poll(async () => (await states(app))[0]).toContain('Checking 1/3')
  const { html } = await partial(app, url)
  expect(html.querySelectorAll('img, b')).toEqual([])
  expect(html.querySelector('.c-name a')!.text).toBe(hostile)
  expect(html.querySelector('.c-id')!.text).toBe('x"><b>')
  expect(html.querySelector('.c-status .line2')!.text).toContain('Reports "')
})

test('answers from memory while 4 agents never answer and 20 do, with the 20 healthy', async () => {
  const silent = await Promise.all([1, 2, 3, 4].map(() => startAgent({ health: silence })))
  const { promise: shown, resolve: isShown } = Promise.withResolvers<void>()
  const late: AgentHandler = async (...call) => {
    await shown
    json({ status: 'healthy' })(...call)
  }
  const well = await Promise.all(Array.from({ length: 20 }, () => startAgent({ health: late })))
  const app = await buildTestApp({ healthTimeoutSeconds: 1 }, { clock: createHastyClock() })
  await insertAgents(
    app,
    [...silent, ...well].map(({ port }) => port),
  )
  app.orchestrator.start()
  await expect.poll(() => well.some(({ requests }) => requests.length > 0)).toBe(true)
  const { html } = await partial(app, url)
  expect(html.querySelectorAll('tr[data-state]')).toHaveLength(24)
  isShown()
  await expect.poll(async () => (await states(app)).filter((state) => state === 'Healthy').length).toBe(20)
  await expect
    .poll(async () => (await states(app)).filter((state) => state.endsWith('No answer within 1 s')).length)
    .toBe(4)
})

test('an agent that another program adds or removes is noticed', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await insertAgents(app, [agent.port, agent.port])
  expect((await partial(app, url)).html.querySelectorAll('tr[data-state]')).toHaveLength(2)
  await changeBeside(app, "DELETE FROM agents WHERE agent_id = 'agent-0'", "DELETE FROM agents WHERE id = 'agent-0'")
  const { html } = await partial(app, url)
  expect(html.querySelectorAll('tr[data-state]').map((row) => row.id)).toEqual(['agent-agent-1'])
})
