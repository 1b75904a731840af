import { expect, test } from 'vitest'
import { toDatetime } from '../../src/store/sqlite/sql/datetime.ts'
import { startAgent } from '../support/agents/agent.ts'
import { checksOf, dayMs, failed, historyIn, hourMs, minuteMs } from '../support/agents/agent-history.ts'
import { rows, section, spaced, state, withCheckedAgent } from '../support/agents/agent-page.ts'
import { type Answer, api, buildTestApp, page, partial } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { withAgent } from '../support/runs/executed.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { hasNoCheckOfItsOwn } from '../support/store/database.ts'
import { temporaryFile } from '../support/temporary.ts'

const url = '/orchestrator/writer'
const uptime = ({ html }: Answer) => html.querySelectorAll('#uptime .window').map(spaced)
const incidents = ({ html }: Answer) => html.querySelectorAll('.incident-list > li').map(spaced)

test('shows the share of good checks of a day, a week and a month, and of as long as it is known', async () => {
  hasNoCheckOfItsOwn()
  const { app, clock } = await withAgent()
  const history = historyIn(app)
  const now = clock.now()
  expect(uptime(await page(app, url))).toEqual(['– 24 hours', '– 7 days', '– 30 days', '– 90 days'])
  const hourly = { from: now - 10 * dayMs, to: now - 2 * dayMs, everyMs: hourMs }
  await history.record([
    ...checksOf('writer', hourly, (index) => (index < 8 ? failed : {})),
    ...checksOf('writer', { from: now - 20 * hourMs, to: now, everyMs: minuteMs }, (index) =>
      index === 600 ? failed : {},
    ),
  ])
  // 1 of 1,200 within the day; 6 days of 24 besides within the week, but for the hour in which that begins.
  const week = 1200 + 24 * 5
  const answer = await page(app, url)
  expect(uptime(answer)).toEqual([
    `${((1199 / 1200) * 100).toFixed(2)}% 24 hours`,
    `${(((week - 1) / week) * 100).toFixed(2)}% 7 days`,
    `${(((1200 + 192 - 9) / (1200 + 192)) * 100).toFixed(2)}% 10 days`,
  ])
  expect(spaced(answer.html.querySelector('.ends')!)).toBe('12 Nov, first check 45 days Today')
})

test('shows each of 90 days by its worst state, grey before the first check', async () => {
  const { app, clock } = await withAgent()
  const history = historyIn(app)
  const now = clock.now()
  await history.record(
    checksOf('writer', { from: now - 40 * dayMs, to: now, everyMs: hourMs }, (_, at) =>
      at > now - 5 * dayMs && at < now - 4 * dayMs ? { outcome: 'degraded' } : {},
    ),
  )
  await history.beginIncident('writer', now - 2 * dayMs, 'connection refused')
  await history.endIncidents('writer', now - 2 * dayMs + 90_000)
  const answer = await page(app, url)
  const tones = answer.html.querySelectorAll('#uptime-plot i').map((day) => day.classNames.replace('slot fill ', ''))
  expect(tones).toHaveLength(90)
  expect(tones.slice(0, 49).every((tone) => tone === 'unchecked')).toBe(true)
  expect(tones.slice(-8)).toEqual(['good', 'good', 'waiting', 'waiting', 'good', 'bad', 'good', 'good'])
  expect(answer.html.querySelector('#uptime-plot')!.getAttribute('aria-label')).toMatch(
    /^The last 41 days: 38 days without incidents, 2 degraded, 1 with downtime\. /,
  )
  const days = answer.html.querySelectorAll('[data-plot-table="uptime-plot"] tbody tr').map(spaced)
  expect(days.at(-3)).toBe('Fri 20 Nov Down 100% 1m 30s')
  expect(days.at(-1)).toBe('Today No incidents 100%')
})

test('draws how quickly it answered, with gaps, down times and words for those who do not see it', async () => {
  hasNoCheckOfItsOwn()
  const { app, clock } = await withAgent()
  const history = historyIn(app)
  const now = clock.now()
  await history.record([
    ...checksOf('writer', { from: now - 20 * hourMs, to: now - 12 * hourMs, everyMs: minuteMs }, (index) => ({
      latencyMs: 30 + (index % 20),
    })),
    ...checksOf('writer', { from: now - 6 * hourMs, to: now - 4 * hourMs, everyMs: minuteMs }, () => failed),
    ...checksOf('writer', { from: now - 4 * hourMs, to: now, everyMs: minuteMs }),
  ])
  await history.beginIncident('writer', now - 6 * hourMs, 'connection refused')
  await history.endIncidents('writer', now - 4 * hourMs)
  const answer = await page(app, url)
  const chart = answer.html.querySelector('#latency-plot')!
  // Two stretches of answers, so two lines, and none through the hole between.
  expect(chart.querySelector('.mean')!.getAttribute('d')!.match(/M/g)).toHaveLength(2)
  expect(chart.querySelector('.band')!.getAttribute('d')!.match(/Z/g)).toHaveLength(2)
  // The axis starts at the first check, 20 hours ago.
  const downs = chart.querySelectorAll('.down')
  expect(downs.map((down) => down.querySelector('title')!.text)).toEqual([
    'Down from 22 Nov 2026, 10:14:30 UTC to 22 Nov 2026, 12:14:30 UTC: Connection refused',
  ])
  expect(Number.parseFloat(downs[0]!.getAttribute('x')!)).toBeCloseTo((14 / 20) * 100, 0)
  expect(Number.parseFloat(downs[0]!.getAttribute('width')!)).toBeCloseTo((2 / 20) * 100, 0)
  const words = chart.querySelectorAll('text').map((word) => word.text)
  expect(words).toEqual(expect.arrayContaining(['25 ms', '50 ms', '00:00', '03:00', '15:00']))
  expect(chart.getAttribute('aria-label')).toMatch(
    /^Latency of health checks in the last 24 hours: average 40 ms, range 30–49 ms\. Down once, for 2h in all\. /,
  )
  const numbers = rows(answer, '[data-plot-table="latency-plot"]')
  expect(numbers.at(-2)).toEqual(['40 ms', '40 ms', '100%'])
  expect(numbers).toContainEqual(['–', '–', '0%'])
  expect(chart.toString()).not.toMatch(/NaN|Infinity|undefined/)
})

test.each(['7d', '30d', '1y'])('keeps the range %s in every link and in its own polling', async (range) => {
  const { app } = await withCheckedAgent()
  const answer = await page(app, `${url}?range=${range}`)
  const polled = await partial(app, `${url}?range=${range}`)
  for (const { html } of [answer, polled]) {
    expect(html.querySelector('#agent')!.attributes).toMatchObject({
      'hx-get': `${url}?range=${range}`,
      'hx-trigger': 'every 10s, refresh',
      'hx-swap': 'outerMorph',
    })
  }
  const chosen = answer.html
    .querySelectorAll('.segments a')
    .map((link) => link.getAttribute('aria-current') ?? link.text)
  expect(chosen).toEqual(
    ['24h', '7d', '30d', '1y'].map((one) => (one === range ? 'true' : one.replace(/(?=[a-z])/, ' '))),
  )
  expect(answer.html.querySelector('#pause')!.getAttribute('action')).toBe(`${url}/pause?range=${range}`)
  expect(answer.html.querySelector('.segments a')!.getAttribute('href')).toBe(url)
})

test('a range that makes no sense is the usual one', async () => {
  const { app } = await withCheckedAgent()
  const answer = await page(app, `${url}?range=forever&incidents=-3`)
  expect(answer.html.querySelector('#agent')!.getAttribute('hx-get')).toBe(url)
})

test('tells when it was down, why, and which runs that hit', async () => {
  const { app, clock, history, agent } = await withCheckedAgent()
  const began = clock.now() - 3 * hourMs
  await history.beginIncident('writer', began, 'connection refused')
  await history.endIncidents('writer', began + 90_000)
  const at = (ms: number) => ({ started_at: toDatetime(ms), completed_at: toDatetime(ms + 500) })
  const run = { workflow_name: 'writer', agent_id: 'writer', status: 'failed' }
  await insertRuns(
    app,
    [0, 1, 2, 3, 4, 5].map((index) => ({ ...run, ...at(began + index * 1000) })),
  )
  const before = await page(app, url)
  expect(incidents(before)).toEqual([
    'Connection refused 1m 30s Today, 13:14 to 13:16 · 6 runs affected …run-5 …run-4 …run-3 …run-2 and 2 more',
  ])
  expect(before.html.querySelector('.incident-list .line2 .cut')!.getAttribute('title')).toBe(
    '22 Nov 2026, 13:14:30 UTC to 22 Nov 2026, 13:16:00 UTC',
  )
  const [link] = before.html.querySelectorAll('.incident-list a')
  expect(link!.attributes).toMatchObject({ href: '/runs/run-5', title: /^Failed, started 22 Nov 2026, 13:14:35 UTC$/ })

  await agent.close()
  await clock.advance(10_000)
  await expect.poll(async () => state(await page(app, url))).toMatch(/^Checking 1/)
  for (const misses of [2, 3]) {
    await clock.advance(2000)
    const pattern = misses === 3 ? /^Down/ : /^Checking 2/
    await expect.poll(async () => state(await page(app, url))).toMatch(pattern)
  }
  await clock.advance(60_000)
  const after = await page(app, url)
  expect(state(after)).toBe('Down 1m')
  expect(spaced(after.html.querySelector('#agent-trouble')!)).toMatch(
    /^Connection refused GET http:\S+\/health \d+ ms · now$/,
  )
  expect(incidents(after)[0]).toBe('Connection refused Down 1m Today, 16:14 until now · no runs affected')
  expect(incidents(after)).toHaveLength(2)
})

test('an incident that began before a restart goes on, and is one', async () => {
  const agent = await startAgent()
  const db = temporaryFile()
  const clock = createTestClock()
  const first = await buildTestApp({ db }, { clock, random: () => 0.5 })
  await api(first, 'POST', '/orchestrator/register', {
    agent_id: 'writer',
    agent_name: 'Article Writer',
    agent_url: agent.url,
  })
  await historyIn(first).beginIncident('writer', clock.now() - 5 * minuteMs, 'connection refused')
  await first.close()
  await agent.close()

  const app = await buildTestApp({ db }, { clock, random: () => 0.5 })
  await app.orchestrator.start()
  const down = await page(app, url)
  expect(state(down)).toBe('Down 5m')
  expect(spaced(section(down, 'Details'))).toMatch(/Last check none since the dashboard started$/)
  expect(spaced(down.html.querySelector('#agent-trouble')!)).toBe('Connection refused')
  expect(incidents(down)).toEqual(['Connection refused Down 5m Today, 16:09 until now · no runs affected'])

  await startAgent({}, agent.port)
  for (let seconds = 0; seconds < 30; seconds++) {
    await clock.advance(1000)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await expect.poll(async () => state(await page(app, url))).toBe('Healthy')
  const [incident, ...others] = incidents(await page(app, url))
  expect(others).toEqual([])
  expect(incident).toMatch(/^Connection refused \dm \d+s Today, 16:09 to 16:1[45] · no runs affected$/)
})

test('of many incidents the latest are told, and more when asked for', async () => {
  const { app, clock, history } = await withCheckedAgent()
  for (let index = 0; index < 15; index++) {
    await history.beginIncident('writer', clock.now() - (index + 2) * hourMs, 'connection refused')
    await history.endIncidents('writer', clock.now() - (index + 1.5) * hourMs)
  }
  const few = await page(app, `${url}?range=7d`)
  expect(incidents(few)).toHaveLength(5)
  expect(section(few, 'Incidents').text).toContain('10+ in 7 days')
  const more = section(few, 'Incidents').querySelector('.more a')!.getAttribute('href')!
  expect(more).toBe(`${url}?range=7d&incidents=30`)
  const all = await page(app, more)
  expect(incidents(all)).toHaveLength(15)
  expect(section(all, 'Incidents').text).toContain('15 in 7 days')
  expect(section(all, 'Incidents').querySelector('.more')).toBeNull()
  expect(all.html.querySelector('#agent')!.getAttribute('hx-get')).toBe(more)
})
