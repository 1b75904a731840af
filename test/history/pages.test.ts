import type { HTMLElement } from 'node-html-parser'
import { expect, test } from 'vitest'
import { api, buildTestApp, expectProblem, page, partial } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { completeRun, insertRuns, startOf } from '../support/runs/runs.ts'

const idsOn = (html: HTMLElement) => html.querySelectorAll('#runs tr.run').map((row) => row.id.slice('run-'.length))
const link = (html: HTMLElement, rel: 'next' | 'prev') =>
  html.querySelector(`.pager a[rel="${rel}"]`)?.getAttribute('href')
const names = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => `run-${from - index}`)

test('shows 50 a page, and goes through all of them and back', async () => {
  const app = await buildTestApp()
  await insertRuns(app, Array(120).fill({}))
  const first = await page(app, '/runs')
  expect(idsOn(first.html)).toEqual(names(119, 70))
  expect(first.html.querySelector('.pager .muted')!.text).toBe('1–50 of 120')
  expect(link(first.html, 'prev')).toBeUndefined()

  const second = await page(app, link(first.html, 'next')!)
  expect(idsOn(second.html)).toEqual(names(69, 20))
  const third = await page(app, link(second.html, 'next')!)
  expect(idsOn(third.html)).toEqual(names(19, 0))
  expect(link(third.html, 'next')).toBeUndefined()

  const back = await page(app, link(third.html, 'prev')!)
  expect(idsOn(back.html)).toEqual(names(69, 20))
  const start = await page(app, link(back.html, 'prev')!)
  expect(idsOn(start.html)).toEqual(names(119, 70))
  expect(link(start.html, 'prev')).toBeUndefined()
  expect(idsOn((await page(app, link(start.html, 'next')!)).html)).toEqual(names(69, 20))
})

test.each([
  [49, undefined],
  [50, undefined],
  [51, ['run-0']],
])('with %i runs the second page is what is left', async (runs, left) => {
  const app = await buildTestApp()
  await insertRuns(app, Array(runs).fill({}))
  const next = link((await page(app, '/runs')).html, 'next')
  expect(next && idsOn((await page(app, next)).html)).toEqual(left)
})

test('a page stays what it is while new runs arrive', async () => {
  const app = await buildTestApp()
  await insertRuns(app, Array(60).fill({}))
  const next = link((await page(app, '/runs')).html, 'next')!
  const before = idsOn((await page(app, next)).html)
  await insertRuns(app, [{ id: 'new', started_at: '2026-11-21 00:00:00.000000' }])
  expect(idsOn((await page(app, next)).html)).toEqual(before)
  expect(idsOn((await page(app, '/runs')).html)[0]).toBe('new')
})

test('runs that began at the same moment are neither lost nor shown twice between two pages', async () => {
  const app = await buildTestApp()
  const ids = Array.from({ length: 75 }, (_, index) => String(index).padStart(3, '0'))
  await insertRuns(
    app,
    ids.map((id) => ({ id, started_at: startOf(0) })),
  )
  const first = await page(app, '/runs')
  const second = await page(app, link(first.html, 'next')!)
  expect([...idsOn(first.html), ...idsOn(second.html)]).toEqual([...ids].reverse())
})

test('the position and the filters are kept by polling, by the next page and by the one before', async () => {
  const app = await buildTestApp()
  await insertRuns(app, Array(120).fill({ workflow_name: 'a&b c', agent_id: 'a&b c' }))
  const filters = { agent: 'a&b c', status: 'completed' }
  const first = await page(app, `/runs?${new URLSearchParams(filters)}`)
  for (const rel of ['next', 'prev'] as const) {
    const middle = await page(app, link(first.html, 'next')!)
    const path = link(middle.html, rel)!
    expect(Object.fromEntries(new URL(path, 'http://x').searchParams)).toMatchObject(filters)
    const region = (await partial(app, path)).html.querySelector('#runs')!
    expect(region.getAttribute('hx-get')).toBe(path)
  }
})

test('a script goes from page to page by the addresses in the answer', async () => {
  const app = await buildTestApp()
  await insertRuns(app, Array(120).fill({}))
  const seen: string[] = []
  let path: string | null = '/runs'
  while (path !== null) {
    const { json } = await api(app, 'GET', path)
    seen.push(...json.runs.map(({ run_id }: { run_id: string }) => run_id))
    path = json.older
  }
  expect(seen).toEqual(names(119, 0))
})

test('a script may ask for fewer or more runs at once', async () => {
  const app = await buildTestApp()
  await insertRuns(app, Array(120).fill({}))
  const few = await api(app, 'GET', '/runs?limit=3')
  expect(few.json).toMatchObject({ runs: [{ run_id: 'run-119' }, {}, {}], total: 120 })
  expect((await api(app, 'GET', few.json.older)).json.runs).toHaveLength(3)
  expect((await api(app, 'GET', '/runs?limit=500')).json).toMatchObject({ runs: { length: 120 }, older: null })
  for (const limit of ['0', '501', '-1', '1.5', '', 'all', '1&limit=2'])
    expectProblem(await api(app, 'GET', `/runs?limit=${limit}`), 422, ['limit'])
})

test('a page beyond the oldest or the newest run is empty and leads back', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [{}])
  for (const position of ['older=0', 'newer=9000000000000000']) {
    const { html, status } = await page(app, `/runs?${position}`)
    expect(status).toBe(200)
    expect(html.querySelector('#runs h2')!.text).toBe('Empty')
    expect(html.querySelector('.pager a')!.getAttribute('href')).toBe('/runs')
  }
})

test('runs whose start cannot be read are shown on some page too', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [
    ...Array(60).fill({}),
    { id: 'odd', started_at: 'yesterday' },
    { id: 'empty', started_at: '' },
  ])
  const seen: string[] = []
  let path: string | undefined = '/runs'
  while (path !== undefined) {
    const { html }: { html: HTMLElement } = await page(app, path)
    seen.push(...idsOn(html))
    path = link(html, 'next')
  }
  expect(seen).toHaveLength(62)
  expect(new Set(seen).size).toBe(62)
})

test.each(['older=nonsense', 'newer=x', 'older=0.25~7', 'sort=cost&older=7'])(
  'the place %s is none: a page shows the newest runs and says so, a script is refused',
  async (query) => {
    const app = await buildTestApp()
    await insertRuns(app, [{}])
    const field = /older|newer/.exec(query)![0]
    expectProblem(await api(app, 'GET', `/runs?${query}`), 422, [field])
    const { status, html } = await page(app, `/runs?${query}`)
    expect(status).toBe(200)
    expect(html.querySelector('.filter-errors')!.text).toContain('This link to a page of runs is not valid.')
    expect(idsOn(html)).toEqual(['run-0'])
    expect(html.querySelector('#runs')!.getAttribute('hx-get')).not.toContain(`${field}=`)
  },
)

test('a poll of the first page keeps its rows, with what became of them, and counts the new ones', async () => {
  const app = await buildTestApp()
  await insertRuns(app, [...Array(59).fill({}), { id: 'going', status: 'running' }])
  const first = await page(app, '/runs')
  const poll = first.html.querySelector('#runs')!.getAttribute('hx-get')!
  const rows = idsOn(first.html)
  expect(rows[0]).toBe('going')
  expect(first.html.querySelector('.arrived')!.text).toBe('')

  await insertRuns(app, [
    { id: 'new-1', started_at: '2026-11-21 00:00:00.000000' },
    { id: 'new-2', started_at: '2026-11-21 00:00:00.000000', status: 'failed' },
  ])
  await completeRun(app, 'going', 7)
  const { html } = await partial(app, poll)
  expect(idsOn(html)).toEqual(rows)
  expect(html.querySelector('#run-going')!.text).toContain('Completed')
  expect(html.querySelector('.arrived a')!.attributes).toMatchObject({ href: '/runs', 'hx-get': '/runs' })
  expect(html.querySelector('.arrived')!.text.trim()).toBe('↑ 2 new runs')
  expect(html.querySelector('#runs')!.getAttribute('hx-get')).toBe(poll)
  expect(link(html, 'prev')).toBeUndefined()
  expect(html.querySelector('#status-all')!.text).toMatch(/All\s+62/)

  expect(idsOn((await partial(app, '/runs')).html).slice(0, 2)).toEqual(['new-2', 'new-1'])
  const filtered = await partial(app, poll.replace('?', '?status=completed&'))
  expect(filtered.html.querySelector('.arrived')!.text.trim()).toBe('↑ 1 new run')
  // Where nothing is left there is nothing that could be moved.
  expect(idsOn((await partial(app, poll.replace('?', '?status=failed&'))).html)).toEqual(['new-2'])
})

test('an empty list, and one that begins elsewhere, show what comes by themselves', async () => {
  const app = await buildTestApp()
  const poll = async (url: string) => (await page(app, url)).html.querySelector('#runs')!.getAttribute('hx-get')!
  expect(await poll('/runs')).toBe('/runs')
  await insertRuns(app, Array(60).fill({}))
  expect(await poll('/runs?sort=-started')).toBe('/runs?sort=-started')
  const older = link((await page(app, '/runs')).html, 'next')!
  expect(await poll(older)).toBe(older)
})

test('a poll is answered 304 until something changes, but where seconds are counted', async () => {
  const app = await buildTestApp({}, { clock: createTestClock() })
  await insertRuns(app, [{ agent_id: 'writer' }])
  const tag = async () => (await partial(app, '/runs')).html.querySelector('#runs')!.getAttribute('data-etag')
  const ask = async (known: string) => {
    const headers = { 'hx-request': 'true', accept: 'text/html', 'if-none-match': known }
    return (await app.inject({ url: '/runs?top=1', headers })).statusCode
  }
  const known = (await tag())!
  expect(await ask(known)).toBe(304)
  await insertRuns(app, [{ id: 'going', agent_id: 'writer', status: 'running', started_at: startOf(5) }])
  expect(await ask(known)).toBe(200)
  expect(await tag()).toBeUndefined()
})

test('a list that is open over midnight learns that its runs are of yesterday', async () => {
  const clock = createTestClock(Date.UTC(2026, 10, 20, 23, 59, 30))
  const app = await buildTestApp({}, { clock })
  await insertRuns(app, [{ agent_id: 'writer' }])
  const poll = async (tag = '') => {
    const headers = { 'hx-request': 'true', accept: 'text/html', 'if-none-match': tag }
    const { statusCode, body } = await app.inject({ url: '/runs', headers })
    return { statusCode, heading: /id="group-([\w-]+)"/.exec(body)?.[1], tag: /data-etag="([^"]+)"/.exec(body)?.[1] }
  }
  const { heading, tag } = await poll()
  expect(heading).toBe('today')
  await clock.advance(20_000)
  const known = tag!.replaceAll('&quot;', '"')
  expect(await poll(known)).toMatchObject({ statusCode: 304 })
  await clock.advance(20_000)
  expect(await poll(known)).toMatchObject({ statusCode: 200, heading: 'yesterday' })
})

test.each([
  ['duration', ['c', 'a', 'b', 'none']],
  ['-duration', ['b', 'a', 'c', 'none']],
  ['cost', ['b', 'c', 'a', 'none']],
  ['-cost', ['a', 'c', 'b', 'none']],
  ['started', ['none', 'c', 'b', 'a']],
  ['-started', ['a', 'b', 'c', 'none']],
])('sorts by %s, and what is not known stands last', async (sort, ids) => {
  const app = await buildTestApp()
  await insertRuns(app, [
    { id: 'a', duration_seconds: 2, total_cost_usd: 0.1 },
    { id: 'b', duration_seconds: 1, total_cost_usd: 3 },
    { id: 'c', duration_seconds: 3, total_cost_usd: 2 },
    { id: 'none' },
  ])
  const { html } = await page(app, `/runs?sort=${sort}&status=completed`)
  expect(idsOn(html)).toEqual(ids)
  const [head, ...others] = html.querySelectorAll('th[aria-sort]')
  expect(others).toEqual([])
  expect(head!.getAttribute('aria-sort')).toBe(sort.startsWith('-') ? 'ascending' : 'descending')
  const other = sort.startsWith('-') ? sort.slice(1) : `-${sort}`
  const path = head!.querySelector('a')!.getAttribute('href')!
  expect(new URLSearchParams(path.split('?')[1]).get('sort') ?? 'started').toBe(other)
  expect(path).toContain('status=completed')
})

test('goes through a list by duration page by page, and back', async () => {
  const app = await buildTestApp()
  await insertRuns(
    app,
    Array.from({ length: 120 }, (_, index) => ({ duration_seconds: index % 7 === 0 ? null : index % 5 })),
  )
  const seen: string[][] = []
  let path: string | undefined = '/runs?sort=duration'
  while (path !== undefined) {
    const { html }: { html: HTMLElement } = await page(app, path)
    seen.push(idsOn(html))
    path = link(html, 'next')
    if (path === undefined) expect(idsOn((await page(app, link(html, 'prev')!)).html)).toEqual(seen.at(-2))
  }
  expect(seen.map(({ length }) => length)).toEqual([50, 50, 20])
  expect(new Set(seen.flat()).size).toBe(120)
})
