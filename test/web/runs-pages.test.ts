import type { HTMLElement } from 'node-html-parser'
import { expect, test } from 'vitest'
import { api, buildTestApp, expectProblem, page, partial } from '../support/app.ts'
import { insertRuns, startOf } from '../support/runs.ts'

const idsOn = (html: HTMLElement) => html.querySelectorAll('#runs tbody tr').map((row) => row.id.slice('run-'.length))
const link = (html: HTMLElement, rel: 'next' | 'prev') =>
  html.querySelector(`.pages a[rel="${rel}"]`)?.getAttribute('href')
const names = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => `run-${from - index}`)

test('shows 50 a page, and goes through all of them and back', async () => {
  const app = await buildTestApp()
  insertRuns(app, Array(120).fill({}))
  const first = await page(app, '/runs')
  expect(idsOn(first.html)).toEqual(names(119, 70))
  expect(first.html.querySelector('.pages .aside')!.text).toBe('120 runs')
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
  insertRuns(app, Array(runs).fill({}))
  const next = link((await page(app, '/runs')).html, 'next')
  expect(next && idsOn((await page(app, next)).html)).toEqual(left)
})

test('a page stays what it is while new runs arrive', async () => {
  const app = await buildTestApp()
  insertRuns(app, Array(60).fill({}))
  const next = link((await page(app, '/runs')).html, 'next')!
  const before = idsOn((await page(app, next)).html)
  insertRuns(app, [{ id: 'new', started_at: '2026-11-21 00:00:00.000000' }])
  expect(idsOn((await page(app, next)).html)).toEqual(before)
  expect(idsOn((await page(app, '/runs')).html)[0]).toBe('new')
})

test('runs that began at the same moment are neither lost nor shown twice between two pages', async () => {
  const app = await buildTestApp()
  const ids = Array.from({ length: 75 }, (_, index) => String(index).padStart(3, '0'))
  insertRuns(
    app,
    ids.map((id) => ({ id, started_at: startOf(0) })),
  )
  const first = await page(app, '/runs')
  const second = await page(app, link(first.html, 'next')!)
  expect([...idsOn(first.html), ...idsOn(second.html)]).toEqual([...ids].reverse())
})

test('the position and the filters are kept by polling, by the next page and by the one before', async () => {
  const app = await buildTestApp()
  insertRuns(app, Array(120).fill({ workflow_name: 'a&b c', agent_id: 'a&b c' }))
  const filters = { agent: 'a&b c', status: 'completed' }
  const first = await page(app, `/runs?${new URLSearchParams(filters)}`)
  for (const rel of ['next', 'prev'] as const) {
    const middle = await page(app, link(first.html, 'next')!)
    const path = link(middle.html, rel)!
    expect(Object.fromEntries(new URL(path, 'http://x').searchParams)).toMatchObject(filters)
    const region = (await partial(app, path)).html.querySelector('#runs')!
    expect(new URL(region.getAttribute('hx-get')!, 'http://x').searchParams.toString()).toBe(
      new URL(path, 'http://x').searchParams.toString(),
    )
  }
})

test('a script goes from page to page by the addresses in the answer', async () => {
  const app = await buildTestApp()
  insertRuns(app, Array(120).fill({}))
  const seen: string[] = []
  let path: string | null = '/runs'
  while (path !== null) {
    const { json } = await api(app, 'GET', path)
    seen.push(...json.runs.map(({ run_id }: { run_id: string }) => run_id))
    path = json.older
  }
  expect(seen).toEqual(names(119, 0))
})

test('a page beyond the oldest or the newest run is empty and leads back', async () => {
  const app = await buildTestApp()
  insertRuns(app, [{}])
  for (const position of ['older=1990-01-01%20~', 'newer=2990-01-01%20~x']) {
    const { html, status } = await page(app, `/runs?${position}`)
    expect(status).toBe(200)
    expect(html.querySelector('#runs h3')!.text).toBe('Nothing here')
    expect(html.querySelector('.pages a')!.getAttribute('href')).toBe('/runs')
  }
})

test('runs whose start cannot be read are shown on some page too', async () => {
  const app = await buildTestApp()
  insertRuns(app, [...Array(60).fill({}), { id: 'odd', started_at: 'yesterday' }, { id: 'empty', started_at: '' }])
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

test.each(['older=nonsense', 'newer=1', 'older=x&newer=y'])(
  'the position %s is refused as page, partial and JSON',
  async (query) => {
    const app = await buildTestApp()
    insertRuns(app, [{}])
    const field = query.split('=')[0]!
    expectProblem(await api(app, 'GET', `/runs?${query}`), 422, [field])
    const { status, html } = await page(app, `/runs?${query}`)
    expect(status).toBe(422)
    expect(html.querySelector('main')!.text).toContain('This link to a page of runs is not valid.')
    expect((await partial(app, `/runs?${query}`)).headers['hx-reswap']).toBe('none')
  },
)
