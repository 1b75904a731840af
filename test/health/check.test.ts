import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { type AgentHandler, json, silence, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, execute, page, partial, register, type TestApp } from '../support/app.ts'
import { createHastyClock, createTestClock } from '../support/clock.ts'
import { insertAgentAsPython } from '../support/store/python-database.ts'
import { connect } from '../support/store/store.ts'

const url = '/orchestrator/health-check'

/** Puts agents into the database that nobody has checked yet, as they stand there when the program starts. */
function insertAgents(app: TestApp, ports: number[]) {
  const sqlite = connect(app.db)
  ports.forEach((port, index) => {
    insertAgentAsPython(sqlite, { id: `agent-${index}`, port, metadata: null, at: '2026-11-20 08:00:00' })
  })
  sqlite.exec("UPDATE agents SET host = '127.0.0.1'")
}

/** What stands in the column `Status`, one text for each agent. */
async function states(app: TestApp): Promise<string[]> {
  const { html } = await partial(app, url)
  return html.querySelectorAll('.cell-status').map(({ text }) => text.replace(/\s+/g, ' ').trim())
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
  expect(html.firstElementChild!.hasAttribute('hidden')).toBe(true)
  expect(html.querySelector('#agents-head h1')!.text).toBe('Connect your first agent')
})

test('the list carries its own polling when there are agents, and the head of the page comes with it', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const { html } = await partial(app, url)
  const [list, beside, ...rest] = html.children
  expect(rest).toEqual([])
  expect(list!.attributes).toMatchObject(polling)
  expect(beside!.attributes).toEqual({ 'hx-target': '#agents-head', 'hx-swap': 'outerMorph' })
  expect(beside!.firstElementChild!.id).toBe('agents-head')
})

test('the page includes the very markup that polling returns', async () => {
  const agent = await startAgent()
  const app = await buildTestApp({}, { clock: createTestClock() })
  await register(app, agent.url)
  const whole = await page(app, '/orchestrator')
  const polled = await partial(app, url)
  for (const region of ['#agents', '#agents-head']) {
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
  insertAgents(app, [agent.port])
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

test('shows name, id, URL, checks, last seen, and leads to the agent, its runs, and what can be done with it', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await register(app, agent.url)
  await clock.advance(8000)
  const { html } = await partial(app, url)
  const headings = html.querySelectorAll('th').map((heading) => heading.text)
  expect(headings).toEqual(['Status', 'Agent name', 'ID', 'URL', 'Last hour', 'Last seen', 'Actions'])
  const row = html.querySelector('tbody tr')!
  expect(row.querySelectorAll('td').map((cell) => cell.text.trim().replace(/\s+/g, ' '))).toEqual([
    'Healthy',
    'Article Writer',
    'writer',
    agent.url,
    '100% · 0 ms',
    '8s agoCheck nowChecking… Article Writer',
    'Execute Remove',
  ])
  expect(row.querySelector('.cell-seen time')!.getAttribute('datetime')).toBe('2026-11-22T16:14:30.057Z')
  expect(row.querySelector('.cell-name a')!.getAttribute('href')).toBe('/orchestrator/writer')
  expect(row.querySelector('.cell-id a')!.getAttribute('href')).toBe('/runs?agent=writer')
  for (const link of row.querySelectorAll('.cell-actions a')) {
    expect(link.getAttribute('href')).toBe(link.getAttribute('hx-get'))
    expect((await page(app, link.getAttribute('href')!)).status).toBe(200)
  }
})

test('counts the states at the head of the page, and says when was checked last', async () => {
  const [well, gone] = [await startAgent(), await startAgent()]
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  insertAgents(app, [well.port, gone.port])
  const head = async () =>
    (await partial(app, url)).html.querySelector('#agents-head')!.text.replace(/\s+/g, ' ').trim()
  expect(await head()).toBe(
    'Orchestrator 2 agents · 2 checking Not checked yet · every 10s Check nowChecking… Register agent',
  )
  await gone.close()
  app.orchestrator.start()
  await clock.advance(200)
  await shows(app, 'Healthy', 'Checking 1/3Connection refused')
  await clock.advance(1000)
  expect(await head()).toMatch(/2 agents · 1 healthy · 1 checking Checked \d+s ago · every 10s/)
  await app.orchestrator.pause('agent-0', localActor)
  await app.orchestrator.pause('agent-1', localActor)
  expect(await head()).toMatch(/2 agents · 2 paused Checked \d+s ago · every 10s Register agent$/)
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
  const since = html.querySelector('.cell-status time')!
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
  await shows(app, 'DegradedReports "starting"')

  agent.handlers.run = silence
  agent.handlers.health = silence
  const run = await execute(app, 'writer')
  await expect.poll(() => agent.requests.some(({ url }) => url === '/run')).toBe(true)
  await clock.advance(10_000)
  await shows(app, 'Busy · 1 run')

  await app.orchestrator.cancel(run, localActor)
  await shows(app, 'DegradedReports "starting"')
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
  await shows(app, 'Busy · 1 run')
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
  await shows(app, 'Degraded FlappingReports "warn"')
  expect((await api(app, 'GET', url)).json.agents[0]).toMatchObject({ status: 'degraded', is_flapping: true })
})

test('shows a paused agent as such, with nothing to check', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  await app.orchestrator.pause('writer', localActor)
  const { html } = await partial(app, url)
  expect(html.querySelector('.cell-status')!.text).toBe('Paused')
  expect(html.querySelectorAll('.cell-seen button, #agents-head button')).toEqual([])
})

test('tells agents that registered themselves from those that people did, and shows when they expire', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await register(app, agent.url, 'by-hand', 'By hand')
  await app.orchestrator.registerItself(
    { agent_id: 'self', agent_name: 'Self', host: '127.0.0.1', port: agent.port },
    localActor,
  )
  await shows(app, 'Healthy', 'Checking')
  await clock.advance(2000)
  await shows(app, 'Healthy', 'Healthy')
  const marks = async () => (await partial(app, url)).html.querySelectorAll('.cell-name').map(({ text }) => text.trim())
  expect(await marks()).toEqual(['By hand', 'Self Self-registered'])
  const title = (await partial(app, url)).html.querySelector('.mark')!.getAttribute('title')
  expect(title).toBe('Its last heartbeat came at 22 Nov 2026, 16:14:30 UTC. It expires 60 s after one.')

  await clock.advance(61_000)
  await shows(app, 'Healthy', 'Expired 3sNo heartbeat within 60 s')
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
  insertAgents(app, Array(10).fill(gone.port))
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
  expect(html.querySelector('.cell-name a')!.text).toBe(hostile)
  expect(html.querySelector('.cell-name .reason')!.text).toBe(`${hostile} & more`)
  expect(html.querySelector('.cell-status .reason')!.text).toContain('Reports "')
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
  insertAgents(
    app,
    [...silent, ...well].map(({ port }) => port),
  )
  app.orchestrator.start()
  await expect.poll(() => well.some(({ requests }) => requests.length > 0)).toBe(true)
  const { html } = await partial(app, url)
  expect(html.querySelectorAll('#agents tbody tr')).toHaveLength(24)
  isShown()
  await expect.poll(async () => (await states(app)).filter((state) => state === 'Healthy').length).toBe(20)
  await expect
    .poll(async () => (await states(app)).filter((state) => state.endsWith('No answer within 1 s')).length)
    .toBe(4)
})

test('an agent that another program adds or removes is noticed', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  insertAgents(app, [agent.port, agent.port])
  expect((await partial(app, url)).html.querySelectorAll('tbody tr')).toHaveLength(2)
  connect(app.db).exec("DELETE FROM agents WHERE agent_id = 'agent-0'")
  const { html } = await partial(app, url)
  expect(html.querySelectorAll('tbody tr').map((row) => row.id)).toEqual(['agent-agent-1'])
})
