import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { json, silence, startAgent } from '../support/agents/agent.ts'
import { checksOf, failed, historyIn, hourMs, minuteMs } from '../support/agents/agent-history.ts'
import { api, buildTestApp, execute, page, partial, register, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertAgentAsPython } from '../support/store/python-database.ts'
import { writeAsPython } from '../support/store/python-rows.ts'

const poll = '/orchestrator/health-check'

async function shownAt(app: TestApp, path: string) {
  const { html } = await partial(app, path)
  const textOf = (selector: string) =>
    html.querySelectorAll(selector).map(({ text }) => text.replace(/\s+/g, ' ').trim())
  return {
    html,
    rows: textOf('tr[data-state] .c-name a'),
    groups: textOf('tr.group .c-status'),
    tabs: textOf('#agents-tabs a'),
    chosen: textOf('#agents-tabs [aria-current]'),
    poll: html.querySelector('#agents')!.getAttribute('hx-get'),
  }
}

/** One agent in every state, but for busy. */
async function fleet() {
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock, random: () => 0.5 })
  const agent = await startAgent()
  for (const name of ['Zebra', 'Ape', 'Down', 'Degraded', 'Paused']) {
    await register(app, agent.url, name.toLowerCase(), name)
  }
  await app.orchestrator.pause('paused', localActor)
  const [gone, poor] = [await startAgent(), await startAgent()]
  await register(app, gone.url, 'down', 'Down')
  await register(app, poor.url, 'degraded', 'Degraded')
  poor.handlers.health = json({ status: 'warn' })
  await gone.close()
  const self = { agent_id: 'gone', agent_name: 'Expired', host: '127.0.0.1', port: agent.port, ttl_seconds: 1 }
  await app.orchestrator.registerItself(self, localActor)
  for (const id of ['down', 'degraded']) for (let times = 0; times < 3; times++) await checked(app, id)
  await clock.advance(2000)
  return { app, clock }
}

const checked = (app: TestApp, id: string) => api(app, 'POST', `/orchestrator/${id}/check`)

test('agents stand in groups, worst first, then by name; tabs count them and show one state', async () => {
  const { app } = await fleet()
  const all = await shownAt(app, poll)
  expect(all.groups).toEqual(['Needs attention 3', 'Up 2', 'Paused 1'])
  expect(all.rows).toEqual(['Down', 'Expired', 'Degraded', 'Ape', 'Zebra', 'Paused'])
  expect(all.tabs).toEqual(['All 6', 'Down 2', 'Degraded 1', 'Busy 0', 'Healthy 2', 'Paused 1'])
  expect(all.chosen).toEqual(['All 6'])
  expect(all.poll).toBe(poll)

  const down = await shownAt(app, `${poll}?state=down`)
  expect(down.groups).toEqual(['Needs attention 2'])
  expect(down.rows).toEqual(['Down', 'Expired'])
  expect(down.tabs).toEqual(all.tabs)
  expect(down.chosen).toEqual(['Down 2'])
  expect(down.poll).toBe(`${poll}?state=down`)
  for (const tab of all.html.querySelectorAll('#agents-tabs a')) {
    const path = tab.getAttribute('href')!
    expect(tab.getAttribute('hx-get')).toBe(path)
    const { html } = await page(app, path)
    expect(html.querySelector('#agents-tabs [aria-current]')!.id).toBe(tab.id)
  }
})

test('a group has a cell for each column, whichever of them are shown', async () => {
  const { app } = await fleet()
  const { html } = await shownAt(app, poll)
  const columns = html.querySelectorAll('th').map(({ classNames }) => classNames.replace(' num', ''))
  for (const row of html.querySelectorAll('tbody tr'))
    expect(row.querySelectorAll('td').map(({ classNames }) => classNames)).toEqual(columns)
})

test('words in the name, the ID or the URL filter the agents; the counts are of those', async () => {
  const { app } = await fleet()
  const found = async (q: string, more = '') => (await shownAt(app, `${poll}?q=${encodeURIComponent(q)}${more}`)).rows
  expect(await found('EXP')).toEqual(['Expired'])
  expect(await found('gone')).toEqual(['Expired'])
  expect(await found(' pa  127.0.0.1 ')).toEqual(['Paused'])
  expect(await found('d', '&state=degraded')).toEqual(['Degraded'])
  const few = await shownAt(app, `${poll}?q=e&state=down`)
  expect(few.tabs).toEqual(['All 5', 'Down 1', 'Degraded 1', 'Busy 0', 'Healthy 2', 'Paused 1'])
  expect(few.html.querySelector('#agents-tab-paused')!.getAttribute('href')).toBe('/orchestrator?state=paused&q=e')
  const none = await shownAt(app, `${poll}?q=nobody`)
  expect(none.rows).toEqual([])
  expect(none.html.querySelector('#agents')!.text).toContain('No agents match.')
  const { html } = await page(app, '/orchestrator?q=%22x%3E&state=down')
  expect(html.querySelector('#search')!.getAttribute('value')).toBe('"x>')
  expect(html.querySelector('[name="state"]')!.getAttribute('value')).toBe('down')
})

test('what is not valid in the address is ignored', async () => {
  const { app } = await fleet()
  for (const query of ['state=odd', 'page=0', 'page=x', 'page=9', 'state=down&state=busy', 'q=a&q=b', 'x=1'])
    expect((await shownAt(app, `${poll}?${query}`)).rows, query).toHaveLength(6)
})

test('a thousand agents come in pages, with tabs and filter over all of them', async () => {
  const app = await buildTestApp()
  await writeAsPython(app.db, (file) => {
    for (let index = 0; index < 1000; index++) {
      const id = `agent-${String(index).padStart(3, '0')}`
      insertAgentAsPython(file, { id, port: 9000 + index, metadata: null, at: '2026-11-20 08:00:00' })
    }
  })
  await app.orchestrator.refreshAgents()
  const idsOf = ({ html }: Awaited<ReturnType<typeof shownAt>>) =>
    html.querySelectorAll('.c-id').map(({ text }) => text)
  const pagesOf = ({ html }: Awaited<ReturnType<typeof shownAt>>) => {
    const pages = html.querySelector('.board-pages')!
    return [pages.querySelector('span')!.text, ...pages.querySelectorAll('a').map((link) => link.getAttribute('href'))]
  }
  const first = await shownAt(app, poll)
  expect(idsOf(first)).toHaveLength(100)
  expect(first.tabs[0]).toBe('All 1,000')
  expect(first.groups).toEqual(['Checking 1,000'])
  expect(pagesOf(first)).toEqual(['1–100 of 1,000', '/orchestrator?page=2'])
  const third = await shownAt(app, `${poll}?page=3`)
  expect(idsOf(third)[0]).toBe('agent-200')
  expect(pagesOf(third)).toEqual(['201–300 of 1,000', '/orchestrator?page=2', '/orchestrator?page=4'])
  expect(third.poll).toBe(`${poll}?page=3`)
  const last = await shownAt(app, `${poll}?page=99`)
  expect(pagesOf(last)).toEqual(['901–1,000 of 1,000', '/orchestrator?page=9'])
  expect(last.poll).toBe(`${poll}?page=10`)
  const some = await shownAt(app, `${poll}?q=agent-1&page=2`)
  expect(idsOf(some)).toHaveLength(100)
  expect(some.html.querySelector('.board-pages')).toBeNull()
})

/** A day of checks with another latency each hour, and two outages in the last one. */
function busyDay(agentId: string, now: number) {
  const day = { from: now - 24 * hourMs, to: now - hourMs, everyMs: hourMs }
  const hour = { from: now - hourMs, to: now, everyMs: 2 * minuteMs }
  return [
    ...checksOf(agentId, day, (index) => ({ latencyMs: index % 2 === 0 ? 1234 : 10 * index })),
    ...checksOf(agentId, hour, (index) => (index % 15 === 5 ? failed : { latencyMs: 2345 })),
  ]
}

/** Every second hour and every second check is a failed one. */
function restlessDay(agentId: string, now: number) {
  const day = { from: now - 24 * hourMs, to: now - hourMs, everyMs: hourMs / 2 }
  const hour = { from: now - hourMs, to: now, everyMs: 2 * minuteMs }
  return [
    ...checksOf(agentId, day, (index) => (index % 4 < 2 ? failed : { latencyMs: 1234 * (index % 7) })),
    ...checksOf(agentId, hour, (index) => (index % 2 === 0 ? failed : { outcome: 'degraded' })),
  ]
}

/** The rows of four agents: down, degraded, with a run, and well. */
async function rowsOf(
  idOf: (word: string) => string,
  name: string,
  error: string,
  dayOf: (agentId: string, now: number) => ReturnType<typeof busyDay>,
) {
  const clock = createTestClock()
  const first = await buildTestApp({}, { clock })
  const agents = await Promise.all([1, 2, 3, 4].map(() => startAgent()))
  const ids = ['down', 'sick', 'busy', 'well'].map(idOf)
  for (const [index, { url }] of agents.entries()) await register(first, url, ids[index], name)
  await historyIn(first).record(ids.flatMap((id) => dayOf(id, clock.now())))
  await first.close()

  const app = await buildTestApp({ db: first.db }, { clock, random: () => 0.5 })
  await app.orchestrator.start()
  await agents[0]!.close()
  agents[1]!.handlers.health = json({ status: 'degraded', error })
  agents[2]!.handlers.run = silence
  for (const id of ids) for (let times = 0; times < 3; times++) await checked(app, id)
  const runId = await execute(app, ids[2]!)
  const polled = async () =>
    (await app.inject({ url: poll, headers: { 'hx-request': 'true', accept: 'text/html' } })).payload
  await expect.poll(polled).toContain('1 running')
  const payload = await polled()
  await api(app, 'POST', `/runs/${runId}/cancel`)
  const rows = payload.match(/<tr id="?agent-.*?<\/tr>/g)!
  return ids.map((id) => rows.find((row) => row.includes(id))!)
}

test('a row weighs 2.5 KB at the most, so a poll has a limit too', async () => {
  const error = 'the quota of the model is nearly spent'
  const rows = await rowsOf((word) => `quarterly-report-${word}`, 'Quarterly Report Bot', error, busyDay)
  for (const [index, said] of ['Connection refused', error, '1 running', 'Healthy'].entries())
    expect(rows[index]).toContain(said)
  expect(Math.max(...rows.map((row) => Buffer.byteLength(row)))).toBeLessThan(2500)
})

const escaped = (text: string) => text.replaceAll('"', '&quot;')

// An ID is said five times in full: one of the 255 characters that programs may give weighs that much more.
test.each([
  ['Latin', 'b'],
  ['Chinese', '季'],
  ['emoji', '🏔️'],
  ['quotes', '"'],
])('a row weighs 3 KB at the most where all that is said in %s is long, and the hour restless', async (_, letter) => {
  const idOf = (word: string) => `quarterly-financial-report-production-${word}`
  const name = letter.repeat(256).slice(0, 250)
  const rows = await rowsOf(idOf, name.toWellFormed(), `the quota ${letter.repeat(250)}`, restlessDay)
  expect(rows.map((row) => row.includes(escaped(letter).repeat(4)))).toEqual([true, true, true, true])
  for (const row of rows) expect(row.match(/m\d+,0h\d+/g)!.length).toBeGreaterThan(25)
  expect(Math.max(...rows.map((row) => Buffer.byteLength(row)))).toBeLessThan(3000)
})

test('typing replaces the address, a tab does not', async () => {
  const { app } = await fleet()
  const asked = async (url: string, source: string) => {
    const headers = { 'hx-request': 'true', 'hx-target': 'div#agents', 'hx-source': source, accept: 'text/html' }
    const { headers: said, payload } = await app.inject({ url, headers })
    expect(payload).toMatch(/^<div id=agents /)
    expect(payload).toContain('hx-target=#agents-tabs')
    return said['hx-replace-url']
  }
  expect(await asked('/orchestrator?state=down', 'a#agents-tab-down')).toBeUndefined()
  expect(await asked('/orchestrator?q=%20ape&state=', 'form#agents-filter')).toBe('/orchestrator?q=ape')
})

test('the menu of a row leads to what its buttons do not, and to the page of the agent without JavaScript', async () => {
  const { app } = await fleet()
  const { html } = await partial(app, '/orchestrator/ape/menu')
  const words = html.querySelectorAll('a, button').map(({ text }) => text.trim())
  expect(words).toEqual(['Check now', 'Runs of this agent', 'Copy ID', 'Copy URL', 'Edit…', 'Pause checks'])
  expect(html.querySelectorAll('a').map((link) => link.getAttribute('href'))).toEqual([
    '/runs?agent=ape',
    '/orchestrator/ape/edit',
  ])
  expect(html.querySelectorAll('[data-opens-dialog]')).toHaveLength(1)
  expect(html.querySelectorAll('form').map((form) => form.getAttribute('hx-post'))).toEqual([
    '/orchestrator/ape/check',
    '/orchestrator/ape/pause',
  ])
  const plain = await page(app, '/orchestrator/ape/menu')
  expect(plain).toMatchObject({ status: 302, headers: { location: '/orchestrator/ape' } })
  expect((await partial(app, '/orchestrator/nobody/menu')).status).toBe(404)
})
