import { expect, test } from 'vitest'
import { buildTestApp, page, partial } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'

async function withDay() {
  const app = await buildTestApp({}, { clock: createTestClock(Date.UTC(2026, 10, 20, 12, 5)) })
  await insertRuns(app, [
    { id: 'old', started_at: '2026-11-18 09:00:00.000000' },
    { started_at: '2026-11-20 08:10:00.000000', duration_seconds: 1, total_tokens: 1200, total_cost_usd: 0.25 },
    { started_at: '2026-11-20 08:20:00.000000', duration_seconds: 2, status: 'failed' },
    { started_at: '2026-11-20 12:02:00.000000', duration_seconds: 30, status: 'running' },
  ])
  return app
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim()

test('the list loads its chart by itself, and leads there without JavaScript', async () => {
  const app = await withDay()
  const { html } = await page(app, '/runs?time=day&status=failed')
  const chart = html.querySelector('#runs-chart')!
  expect(chart.attributes).toMatchObject({ 'hx-get': '/runs/chart?status=failed&time=day', 'hx-swap': 'innerMorph' })
  expect(chart.getAttribute('hx-trigger')).toMatch(/^load, refresh, every \d+s$/)
  const alone = await page(app, chart.querySelector('.no-js a')!.getAttribute('href')!)
  const [bar, ...others] = alone.html.querySelectorAll('#runs-plot a')
  expect(others).toEqual([])
  // There is no list on this page to swap.
  expect(bar!.getAttribute('hx-get')).toBeUndefined()
  expect(alone.html.querySelector('.crumb a')!.getAttribute('href')).toBe('/runs?status=failed&time=day')
})

test('has at most 60 bars over the time that was chosen, stacked by status, and a table that says the same', async () => {
  const app = await withDay()
  const { html } = await partial(app, '/runs/chart?time=day')
  const table = html.querySelector('[data-plot-table="runs-plot"]')!
  const rows = table.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('th, td').map(({ text }) => text))
  expect(rows.length).toBeLessThanOrEqual(60)
  expect(html.querySelectorAll('#runs-plot .slot')).toHaveLength(rows.length)
  expect(table.querySelectorAll('thead th').map(({ text }) => tidy(text))).toEqual([
    'Started',
    'Runs',
    'Running',
    'Completed',
    'Failed',
    'Cost',
  ])
  expect(rows.filter(([, runs]) => runs !== '0')).toEqual([
    ['Today, 08:00–08:30', '2', '0', '1', '1', '$0.2500'],
    ['Today, 12:00–now', '1', '1', '0', '0', ''],
  ])
  const links = html.querySelectorAll('#runs-plot a')
  expect(links.map((link) => link.getAttribute('aria-label'))).toEqual([
    'Today, 08:00–08:30: 2 runs',
    'Today, 12:00–now: 1 run',
  ])
})

test('bars are exact, and failures stand on the base line', async () => {
  const app = await buildTestApp({}, { clock: createTestClock(Date.UTC(2026, 10, 20, 12, 5)) })
  const statuses = ['pending', 'failed', 'completed', 'cancelled', 'lost', 'running', 'odd']
  const counts = [1, 1, 400, 2, 3, 4, 5]
  await insertRuns(
    app,
    statuses.flatMap((status, index) =>
      Array.from({ length: counts[index]! }, () => ({ status, started_at: '2026-11-20 12:01:00.000000' })),
    ),
  )
  const { html } = await partial(app, '/runs/chart?time=day')
  const height = Number(html.querySelector('#runs-plot')!.getAttribute('height'))
  const levels = html.querySelectorAll('#runs-plot .level').map(({ text }) => Number(text))
  expect(levels).toEqual([250, 500])
  const slot = html.querySelectorAll('#runs-plot .slot').at(-1)!
  const parts = slot.querySelectorAll('.fill').map((part) => ({
    tone: part.classNames.replace('fill ', ''),
    y: Number(part.getAttribute('y')),
    height: Number(part.getAttribute('height')),
  }))
  expect(parts.map(({ tone }) => tone)).toEqual(['bad', 'lost', 'off', 'off', 'vol', 'run', 'queue'])
  const exact = [1, 3, 2, 5, 400, 4, 1].map((runs) => expect.closeTo((height * runs) / 500, 1))
  expect(parts.map((part) => part.height)).toEqual(exact)
  let base = height
  for (const part of parts) {
    expect(part.y + part.height).toBeCloseTo(base, 1)
    base = part.y
  }
  // A line in the colour of the ground parts them, and takes nothing from their heights.
  expect(slot.querySelectorAll('.cut-line').map((line) => Number(line.getAttribute('y1')))).toEqual(
    parts.slice(0, -1).map(({ y }) => y),
  )
})

test('a bar leads to the runs in it, and keeps the other filters', async () => {
  const app = await withDay()
  const { html } = await partial(app, '/runs/chart?time=day&workflow=report&sort=duration')
  const [first, last] = html.querySelectorAll('#runs-plot a').map((link) => link.getAttribute('href'))
  expect(first).toBe('/runs?workflow=report&from=2026-11-20T08%3A00&to=2026-11-20T08%3A30&sort=duration')
  expect(last).toBe('/runs?workflow=report&from=2026-11-20T12%3A00&sort=duration')
  const narrowed = await page(app, first!)
  expect(narrowed.html.querySelectorAll('tr.run')).toHaveLength(2)
  expect(narrowed.html.querySelector('#filter-workflow')!.getAttribute('value')).toBe('report')
  expect(narrowed.html.querySelector('#menu-time .cut')!.text).toBe('20 Nov, 08:00 – 08:30')
})

test('says p50, p95, the share of failures, tokens and cost of what the filter means', async () => {
  const app = await withDay()
  const figures = async (query: string) =>
    tidy((await partial(app, `/runs/chart${query}`)).html.querySelector('.runs-figure')!.text)
  expect(await figures('?time=day')).toBe('3 runs 50.0% failed 2.0s p50 30.0s p95 1,200 tokens $0.2500')
  expect(await figures('?status=running')).toBe('1 run – failed 30.0s p50 30.0s p95')
  expect(await figures('?q=nothing')).toBe('0 runs – failed – p50 – p95')
})

test('says so when it is of the newest runs only', async () => {
  const app = await buildTestApp()
  await insertRuns(
    app,
    Array.from({ length: 10_050 }, () => ({ duration_seconds: 5, workflow_name: 'report' })),
  )
  const summed = await partial(app, '/runs/chart')
  expect(summed.html.querySelector('.chart-note')!.text).toBe('p50 and p95 cover the newest 10,000 runs only.')
  expect(tidy(summed.html.querySelector('.runs-figure')!.text)).toContain('10,050 runs')
  const sampled = await partial(app, '/runs/chart?longer=1')
  expect(sampled.html.querySelector('.chart-note')!.text).toMatch(
    /^The chart and its figures cover the newest [\d,]+ runs only\.$/,
  )
  const { html } = await page(app, '/runs?longer=1')
  expect(html.querySelector('#status-all')!.text.trim()).toMatch(/^All\s+[\d,]+\+$/)
  expect(html.querySelector('.pager .muted')!.text).toMatch(/^1–50 of [\d,]+\+$/)
})

test('one run that is dated in the future does not flatten the chart, which says that it leaves it out', async () => {
  const app = await withDay()
  await insertRuns(app, [{ id: 'future', started_at: '2099-01-01 00:00:00.000000' }])
  const { html } = await partial(app, '/runs/chart')
  expect(html.querySelector('.chart-note')!.text).toBe('Not in the chart: 1 run dated in the future.')
  const filled = html.querySelectorAll('tbody tr').filter((row) => row.querySelectorAll('td')[0]!.text !== '0')
  expect(filled.length).toBeGreaterThan(2)
  expect(html.querySelector('.runs-figure')!.text).toContain('5 runs')
})

test('a chart without runs names a time only where one is chosen', async () => {
  const app = await withDay()
  const said = async (query: string) =>
    (await partial(app, `/runs/chart?${query}`)).html.querySelector('.chart-none')?.text
  expect(await said('q=nowhere')).toBe('No matching runs')
  expect(await said('time=hour&agent=nobody')).toBe('No matching runs in this time')
  expect(await said('from=2025-01-01&to=2025-01-02')).toBe('No runs in this time')
  expect(await said('')).toBeUndefined()
})
