import { expect, test } from 'vitest'
import { json, silence, startAgent } from '../support/agent.ts'
import { api, buildTestApp, page, partial, register, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertAgentAsPython } from '../support/python-database.ts'
import { connect } from '../support/store.ts'

const url = '/orchestrator/health-check'

/** Puts agents into the database that nobody has checked yet, as they stand there when the program starts. */
function insertAgents(app: TestApp, ports: number[]) {
  const sqlite = connect(app.db)
  ports.forEach((port, index) => {
    insertAgentAsPython(sqlite, { id: `agent-${index}`, port, metadata: null, at: '2026-11-20 08:00:00' })
  })
  sqlite.exec("UPDATE agents SET host = '127.0.0.1'")
}

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
  expect(html.children).toHaveLength(1)
  expect(html.querySelector('h3')!.text).toBe('No agents yet')
})

test('the list carries its own polling when there are agents, well or not', async () => {
  const [well, gone] = [await startAgent(), await startAgent()]
  const app = await buildTestApp()
  insertAgents(app, [well.port, gone.port])
  await gone.close()
  const { html } = await partial(app, url)
  expect(html.firstElementChild!.attributes).toMatchObject(polling)
  expect(html.querySelectorAll('tbody tr .state').map((state) => state.text)).toEqual(['Healthy', 'Unreachable 0s'])
})

test('the page includes the very markup that polling returns', async () => {
  const agent = await startAgent()
  const app = await buildTestApp({}, { clock: createTestClock() })
  await register(app, agent.url)
  const whole = await page(app, '/orchestrator')
  const polled = await partial(app, url)
  expect(whole.html.querySelector('#agents')!.outerHTML).toBe(polled.html.firstElementChild!.outerHTML)
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

test('shows name, id, URL, last seen, and links to execute and remove', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await register(app, agent.url)
  await clock.advance(12_000)
  const { html } = await partial(app, url)
  const headings = html.querySelectorAll('th').map((heading) => heading.text)
  expect(headings).toEqual(['Status', 'Agent name', 'ID', 'URL', 'Last seen', 'Actions'])
  const row = html.querySelector('tbody tr')!
  expect(row.querySelectorAll('td').map((cell) => cell.text.trim().replace(/\s+/g, ' '))).toEqual([
    'Healthy',
    'Article Writer',
    'writer',
    agent.url,
    '12s ago',
    'Execute Remove',
  ])
  expect(row.querySelector('.cell-seen time')!.getAttribute('datetime')).toBe('2026-11-22T16:14:30.057Z')
  for (const link of row.querySelectorAll('.cell-actions a')) {
    expect(link.getAttribute('href')).toBe(link.getAttribute('hx-get'))
    expect((await page(app, link.getAttribute('href')!)).status).toBe(200)
  }
})

test('follows agents that stop, come back, or say something else, from one round of checks to the next', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  insertAgents(app, [agent.port])
  app.orchestrator.start()
  const shows = (pattern: RegExp) =>
    expect
      .poll(async () => {
        const list = await partial(app, url)
        return list.html.querySelector('.cell-status')!.text
      })
      .toMatch(pattern)
  await shows(/^Healthy$/)

  agent.handlers.health = json({ status: 'overloaded' })
  await clock.advance(10_000)
  await shows(/^Unhealthy 0sIt says "overloaded"$/)

  await agent.close()
  await clock.advance(10_000)
  await shows(/^Unreachable 0sConnection refused$/)
  await clock.advance(9000)
  await shows(/^Unreachable 9sConnection refused$/)

  await startAgent({}, agent.port)
  await clock.advance(10_000)
  await shows(/^Healthy$/)
})

test('4 agents that never answer and 20 that do give a list in under 4 s, with the 20 healthy', async () => {
  const silent = await Promise.all([1, 2, 3, 4].map(() => startAgent({ health: silence })))
  const well = await Promise.all(Array.from({ length: 20 }, () => startAgent()))
  const app = await buildTestApp()
  insertAgents(
    app,
    [...silent, ...well].map(({ port }) => port),
  )
  const began = performance.now()
  app.orchestrator.start()
  const { html } = await partial(app, url)
  expect(performance.now() - began).toBeLessThan(4000)
  const states = html.querySelectorAll('.state').map((state) => state.text.split(' ')[0])
  expect(states.filter((state) => state === 'Healthy')).toHaveLength(20)
  expect(states.filter((state) => state === 'Unreachable')).toHaveLength(4)
  expect(html.querySelectorAll('.cell-status .reason').map((reason) => reason.text)).toEqual(
    Array(4).fill('No answer within 3 s'),
  )
})

test('waits for first checks only: a later check that hangs holds up nobody, and nobody is asked twice', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  insertAgents(app, [agent.port])
  const both = await Promise.all([partial(app, url), partial(app, url)])
  for (const { html } of both) expect(html.querySelector('.state')!.text).toBe('Healthy')
  expect(agent.requests).toHaveLength(1)

  agent.handlers.health = silence
  app.orchestrator.start()
  await expect.poll(() => agent.requests.length).toBe(2)
  const { html } = await partial(app, url)
  expect(html.querySelector('.state')!.text).toBe('Healthy')
  expect(agent.requests).toHaveLength(2)
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
