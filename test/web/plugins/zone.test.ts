import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { buildTestApp, register, type TestApp } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { insertRuns } from '../../support/runs/runs.ts'

/** A Friday in UTC, and already Saturday east of Moscow. */
const now = Date.UTC(2026, 10, 20, 21, 40)
const build = () => buildTestApp({}, { clock: createTestClock(now) })

async function seenFrom(app: TestApp, url: string, cookie = '', headers = {}) {
  const {
    statusCode,
    headers: answered,
    payload,
  } = await app.inject({
    url,
    headers: { accept: 'text/html', ...(cookie && { cookie }), ...headers },
  })
  return { status: statusCode, headers: answered, html: parse(payload) }
}

test.each([
  ['', 'Times in UTC', 'UTC'],
  ['reader-zone=Europe/Berlin', 'Times in CET', 'Europe/Berlin'],
  ['theme=dark; reader-zone=Asia/Kolkata; other=1', 'Times in IST', 'Asia/Kolkata'],
  ['reader-zone=America/Argentina/Buenos_Aires', 'Times in GMT-3', 'America/Argentina/Buenos_Aires'],
  ['reader-zone=Mars/Olympus', 'Times in UTC', 'UTC'],
  ['reader-zone="><script>', 'Times in UTC', 'UTC'],
  ['reader-zone=', 'Times in UTC', 'UTC'],
  ['not-reader-zone=Europe/Berlin', 'Times in UTC', 'UTC'],
  [`reader-zone=${'A'.repeat(5000)}`, 'Times in UTC', 'UTC'],
])('with the cookie "%.60s" a page says %s', async (cookie, words, zone) => {
  const { html, headers } = await seenFrom(await build(), '/runs', cookie)
  expect(html.querySelector('.page-foot')!.text.replace(/\s+/g, ' ').trim()).toBe(`API ${words}`)
  expect(html.querySelector('html')!.getAttribute('data-zone')).toBe(zone)
  expect(String(headers.vary)).toContain('cookie')
})

test('a moment is in the zone, with UTC in its title; programs get UTC', async () => {
  const app = await build()
  await insertRuns(app, [{ id: 'old', started_at: '2026-11-18 20:00:00.000000' }])
  const started = async (cookie: string) => {
    const { html } = await seenFrom(app, '/runs', cookie)
    const time = html.querySelector('tbody time')!
    return [time.text, time.getAttribute('title'), time.getAttribute('datetime')]
  }
  expect(await started('')).toEqual(['18 Nov, 20:00', '18 Nov 2026, 20:00:00 UTC', '2026-11-18T20:00:00.000Z'])
  expect(await started('reader-zone=Asia/Kathmandu')).toEqual([
    '19 Nov, 01:45',
    '19 Nov 2026, 01:45:00 (18 Nov 2026, 20:00:00 UTC)',
    '2026-11-18T20:00:00.000Z',
  ])
  const headers = { accept: 'application/json', cookie: 'reader-zone=Asia/Kathmandu' }
  const { runs } = (await app.inject({ url: '/runs', headers })).json()
  expect(runs[0].started_at).toBe('2026-11-18T20:00:00.000Z')
})

test('today begins at the midnight of the reader', async () => {
  const app = await build()
  await insertRuns(app, [
    { id: 'evening', started_at: '2026-11-20 18:10:00.000000', total_cost_usd: 1 },
    { id: 'night', started_at: '2026-11-20 18:20:00.000000', total_cost_usd: 2 },
    { id: 'later', started_at: '2026-11-20 18:40:00.000000', total_cost_usd: 4 },
    { id: 'newest', started_at: '2026-11-20 21:30:00.000000', total_cost_usd: 8 },
  ])
  const today = async (cookie: string) => {
    const { html } = await seenFrom(app, '/', cookie)
    const cells = html.querySelectorAll('#cost-days .below')
    const days = html.querySelectorAll('#cost-days .moment')
    return cells[days.findIndex(({ text }) => text.trim() === 'Today')]!.text.trim()
  }
  expect(await today('')).toBe('$15.00')
  // It is midnight there at 18:15, 18:30, and 21:00.
  expect(await today('reader-zone=Asia/Kathmandu')).toBe('$14.00')
  expect(await today('reader-zone=Asia/Kolkata')).toBe('$12.00')
  expect(await today('reader-zone=Europe/Moscow')).toBe('$8.00')
  const headers = { accept: 'application/json', cookie: 'reader-zone=Europe/Moscow' }
  const costs = async (headers: Record<string, string>) =>
    (await app.inject({ url: '/', headers })).json().cost.days.map(({ cost }: { cost: number | null }) => cost)
  expect(await costs(headers)).toEqual([null, null, null, null, 15, null, null])
  expect(await costs({ accept: 'application/json' })).toEqual(await costs(headers))
})

test('what one reader polls is not unchanged for a reader elsewhere', async () => {
  const app = await build()
  const agent = await startAgent()
  await register(app, agent.url)
  const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial' }
  const [here, there] = ['reader-zone=Europe/Berlin', 'reader-zone=Asia/Kolkata']
  for (const url of ['/', '/orchestrator/health-check', '/orchestrator/writer', '/runs']) {
    const { headers } = await seenFrom(app, url, here, asHtmx)
    const known = { ...asHtmx, 'if-none-match': String(headers.etag) }
    expect((await seenFrom(app, url, here, known)).status, url).toBe(304)
    const elsewhere = await seenFrom(app, url, there, known)
    expect(elsewhere.status, url).toBe(200)
    expect(elsewhere.headers.etag, url).not.toBe(headers.etag)
  }
})
