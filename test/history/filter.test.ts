import { type HTMLElement, parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, expectProblem, page, partial, register, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'

/** Runs of an agent that is registered, of one that is not, of one that only the Python program knew, and local ones. */
async function withHistory(): Promise<TestApp> {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url, 'writer', 'Article Writer')
  await register(app, agent.url, 'idle', 'Idle')
  await insertRuns(app, [
    { id: 'w1', workflow_name: 'writer', agent_id: 'writer' },
    { id: 'w2', workflow_name: 'writer', agent_id: 'writer', status: 'failed' },
    { id: 'w3', workflow_name: 'writer', status: 'paused' },
    { id: 'gone1', workflow_name: 'gone', agent_id: 'gone' },
    { id: 'local1' },
    { id: 'local2', status: 'failed' },
  ])
  return app
}

async function idsFor(app: TestApp, query: string): Promise<string[]> {
  const { json } = await api(app, 'GET', `/runs?${query}`)
  expect(json.total).toBe(json.runs.length)
  return json.runs.map(({ run_id }: { run_id: string }) => run_id)
}

test('filters by agent, by status, by both, and shows local runs apart', async () => {
  const app = await withHistory()
  expect(await idsFor(app, '')).toHaveLength(6)
  expect(await idsFor(app, 'agent=writer')).toEqual(['w3', 'w2', 'w1'])
  expect(await idsFor(app, 'agent=gone')).toEqual(['gone1'])
  expect(await idsFor(app, 'agent=idle')).toEqual([])
  expect(await idsFor(app, 'status=failed')).toEqual(['local2', 'w2'])
  expect(await idsFor(app, 'agent=writer&status=failed')).toEqual(['w2'])
  expect(await idsFor(app, 'agent=%2Flocal')).toEqual(['local2', 'local1'])
  expect(await idsFor(app, 'agent=%2Flocal&status=failed')).toEqual(['local2'])
})

test('several agents and several statuses: any of each', async () => {
  const app = await withHistory()
  expect(await idsFor(app, 'agent=gone&agent=writer')).toEqual(['gone1', 'w3', 'w2', 'w1'])
  expect(await idsFor(app, 'agent=%2Flocal&agent=gone')).toEqual(['local2', 'local1', 'gone1'])
  expect(await idsFor(app, 'status=failed&status=paused')).toEqual(['local2', 'w3', 'w2'])
  expect(await idsFor(app, 'agent=writer&agent=%2Flocal&status=failed&status=paused')).toEqual(['local2', 'w3', 'w2'])
})

test('the menu has every agent that there is or that has runs, and local runs', async () => {
  const app = await withHistory()
  const { html } = await page(app, '/runs')
  const options = html
    .querySelectorAll('#menu-agents label')
    .map((label) => [label.querySelector('input')!.getAttribute('value'), label.text.trim()])
  expect(options).toEqual([
    ['writer', 'writer Article Writer'],
    ['idle', 'idle Idle'],
    ['gone', 'gone not registered'],
    ['/local', 'Local runs no agent'],
  ])
  expect(html.querySelectorAll('input[checked][name="agent"]')).toEqual([])
  expect(html.querySelector('#menu-agents .cut')!.text).toBe('All agents')
})

test('the form shows what is chosen, so that sending it again changes nothing', async () => {
  const app = await withHistory()
  const query =
    'agent=writer&agent=%2Flocal&status=failed&workflow=x&from=2026-11-20&to=2026-11-20T10%3A00&longer=1m30s&q=in.a%3A1&sort=-cost&columns=status&columns=out.score'
  const { html } = await page(app, `/runs?${query}`)
  expect(formOf(html).toString()).toBe(new URLSearchParams(sorted(withLocal(query))).toString())
  // Times are typed as the reader's, and written as they are everywhere.
  const headers = {
    'hx-request': 'true',
    'hx-request-type': 'partial',
    'hx-source': 'form#filter',
    accept: 'text/html',
  }
  const again = await app.inject({ url: `/runs?${formOf(html)}`, headers })
  expect(sorted(String(again.headers['hx-push-url']).split('?')[1]!)).toEqual(sorted(query))
  expect(html.querySelector('#menu-agents .cut')!.text).toBe('2 agents')
  expect(html.querySelector('form#filter')!.attributes).toMatchObject({
    action: '/runs',
    method: 'get',
    'hx-get': '/runs',
  })
})

/** What a browser would send of the form, but for empty fields, which say nothing. */
function formOf(html: HTMLElement): URLSearchParams {
  const controls = html.querySelectorAll('form#filter input, [form=filter][name]').filter((control) => {
    return control.getAttribute('type') !== 'checkbox' || control.hasAttribute('checked')
  })
  const fields = controls.map((control): [string, string] => [
    control.getAttribute('name')!,
    control.getAttribute('value') ?? '',
  ])
  const sort = html.querySelector('form#filter select option[selected]')!.getAttribute('value')!
  if (sort !== 'started') fields.push(['sort', sort])
  return new URLSearchParams(fields.filter(([, value]) => value !== '').sort(byName))
}
const byName = ([a]: string[], [b]: string[]) => (a! < b! ? -1 : a! > b! ? 1 : 0)
const withLocal = (query: string) =>
  query.replace('from=2026-11-20', 'local_from=2026-11-20T00:00').replace('to=2026-11-20T10', 'local_to=2026-11-20T10')
const sorted = (query: string) => [...new URLSearchParams(query)].sort(byName)

test('statuses can be chosen together, with their numbers, whichever of them is chosen', async () => {
  const app = await withHistory()
  const { html } = await page(app, '/runs?agent=writer&status=failed&status=paused')
  const statuses = html
    .querySelectorAll('.tabs a')
    .map((tab) => [tab.text.replace(/\s+/g, ' ').trim(), tab.getAttribute('href'), tab.hasAttribute('aria-current')])
  expect(statuses).toEqual([
    ['All 3', '/runs?agent=writer', false],
    ['Running 0', '/runs?agent=writer&status=running', false],
    ['Completed 1', '/runs?agent=writer&status=completed', false],
    ['Failed 1', '/runs?agent=writer&status=failed', true],
    ['Paused 1', '/runs?agent=writer&status=paused', true],
  ])
  await insertRuns(app, [{ id: 'queued', workflow_name: 'writer', status: 'pending' }])
  expect((await page(app, '/runs?agent=writer')).html.querySelector('#status-pending')!.text).toMatch(/Queued\s+1/)
})

test('filters by workflow, by time and by duration', async () => {
  const app = await buildTestApp({}, { clock: createTestClock(Date.UTC(2026, 10, 20, 12)) })
  const at = (time: string) => `2026-11-${time}.000000`
  await insertRuns(app, [
    { id: 'old', started_at: at('01 10:00:00'), duration_seconds: 400 },
    {
      id: 'yesterday',
      started_at: at('19 13:00:00'),
      duration_seconds: 5,
      workflow_name: 'writer',
      agent_workflow: 'article',
    },
    { id: 'today', started_at: at('20 11:30:00'), duration_seconds: 61 },
  ])
  expect(await idsFor(app, 'time=hour')).toEqual(['today'])
  expect(await idsFor(app, 'time=day')).toEqual(['today', 'yesterday'])
  expect(await idsFor(app, 'time=month')).toEqual(['today', 'yesterday', 'old'])
  expect(await idsFor(app, 'from=2026-11-01&to=2026-11-19')).toEqual(['yesterday', 'old'])
  expect(await idsFor(app, 'from=2026-11-19T13:00&to=2026-11-20T11:30')).toEqual(['yesterday'])
  expect(await idsFor(app, 'workflow=article')).toEqual(['yesterday'])
  await insertRuns(app, [
    { id: 'draft', workflow_name: 'Article draft' },
    { id: 'final', workflow_name: 'ARTICLE DRAFT' },
  ])
  expect((await idsFor(app, 'workflow=art*')).sort()).toEqual(['draft', 'final', 'yesterday'])
  expect((await idsFor(app, 'workflow=article+draft')).sort()).toEqual(['draft', 'final'])
  expect(await idsFor(app, 'longer=1m')).toEqual(['today', 'old'])
  expect(await idsFor(app, 'longer=1m&time=week')).toEqual(['today'])
})

test('what is chosen is seen in the bar, and one link leads to the list without any of it', async () => {
  const app = await withHistory()
  const query = 'agent=writer&status=failed&time=day&longer=90&workflow=x&q=jazz%20-out.a%3A1&sort=cost'
  const { html } = await page(app, `/runs?${query}`)
  const buttons = html.querySelectorAll('#filter summary.on').map(({ text }) => text.replace(/\s+/g, ' ').trim())
  expect(buttons).toEqual(['Agents: writer', 'Time: Last 24 hours', 'More · 2 filters'])
  expect(html.querySelector('#search')!.getAttribute('value')).toBe('jazz -out.a:1')
  const clear = html.querySelector('#filter-clear')!
  expect([clear.getAttribute('href'), clear.getAttribute('hx-get')]).toEqual(['/runs?sort=cost', '/runs?sort=cost'])
  expect((await page(app, '/runs')).html.querySelectorAll('#filter-clear, #filter summary.on')).toEqual([])
})

test('times that are typed are those of the reader, and shared ones are in UTC', async () => {
  const app = await withHistory()
  const inZone = async (url: string) => {
    const headers = {
      accept: 'text/html',
      cookie: 'reader-zone=Asia/Kolkata',
      'hx-request': 'true',
      'hx-source': 'form#filter',
    }
    return app.inject({ url, headers })
  }
  const typed = await inZone('/runs?local_from=2026-11-20T05%3A30&local_to=2026-11-20T14%3A00')
  expect(typed.headers['hx-push-url']).toBe('/runs?from=2026-11-20&to=2026-11-20T08%3A30')
  const shown = parse((await inZone('/runs?from=2026-11-20T08%3A30')).body)
  expect(shown.querySelector('#filter-from')!.getAttribute('value')).toBe('2026-11-20T14:00')
  expect(shown.querySelector('#menu-time .cut')!.text).toBe('Since 20 Nov, 14:00')
})

test('a menu of very many agents lists the chosen ones and some, and takes the ID of any other', async () => {
  const app = await buildTestApp()
  await insertRuns(
    app,
    Array.from({ length: 45 }, (_, index) => ({ workflow_name: `agent-${index}`, agent_id: `agent-${index}` })),
  )
  const few = (await page(app, '/runs')).html
  expect(few.querySelectorAll('#menu-agents label.option')).toHaveLength(46)
  expect(few.querySelector('#filter-agent')).toBeNull()
  const agents = Array.from({ length: 8 }, (_, index) => `agent=other-${index}`).join('&')
  const { html } = await page(app, `/runs?${agents}`)
  const first = html.querySelectorAll('#menu-agents label.option input').slice(0, 9)
  expect(first.map((box) => box.hasAttribute('checked'))).toEqual([...Array(8).fill(true), false])
  expect(html.querySelectorAll('#menu-agents label.option')).toHaveLength(50)
  expect(html.querySelector('#filter-agent')!.getAttribute('name')).toBe('agent')
})

test('all filters stand in the URL that the region polls', async () => {
  const app = await withHistory()
  const { html } = await partial(app, '/runs?status=failed&agent=writer&longer=&time=&q=')
  expect(html.firstElementChild!.getAttribute('hx-get')).toMatch(/^\/runs\?agent=writer&status=failed&top=\d+$/)
  const searched = await partial(app, '/runs?q=nothing&agent=writer')
  expect(searched.html.firstElementChild!.getAttribute('hx-get')).toBe('/runs?agent=writer&q=nothing')
})

test('what is sent by the form gets an address without what was left alone', async () => {
  const app = await withHistory()
  const url = '/runs?agent=writer&workflow=&from=&to=&longer=&q=&columns='
  const pushed = async (source: string) => {
    const headers = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-source': source, accept: 'text/html' }
    return (await app.inject({ url, headers })).headers['hx-push-url']
  }
  expect(await pushed('form#filter')).toBe('/runs?agent=writer')
  expect(await pushed('div#runs')).toBeUndefined()
})

test('a form that was left alone is no filter', async () => {
  const app = await withHistory()
  expect((await page(app, '/runs?agent=&status=')).html.querySelectorAll('tr.run')).toHaveLength(6)
  expect((await partial(app, '/runs?agent=&status=')).html.firstElementChild!.getAttribute('hx-get')).toMatch(
    /^\/runs\?top=\d+$/,
  )
})

test('an agent or status that nobody knows gives an empty list that says so, and leads back', async () => {
  const app = await withHistory()
  for (const query of ['agent=nobody', 'status=lost', 'agent=nobody&status=failed']) {
    const { html, status } = await page(app, `/runs?${query}`)
    expect(status).toBe(200)
    expect(html.querySelector('#runs h2')!.text).toBe('No run matches')
    expect(html.querySelector('#runs .empty a')!.getAttribute('href')).toBe('/runs')
  }
  const { html } = await page(app, '/runs?agent=nobody')
  expect(html.querySelector('#menu-agents label:has(input[checked])')!.text.trim()).toBe('nobody unknown')
})

test('a list without a match says what was searched, and offers no keys to move in it', async () => {
  const app = await withHistory()
  const searched = async (query: string) => {
    const { html } = await page(app, `/runs?${query}`)
    expect(html.querySelector('.keys')).toBeNull()
    return html.querySelectorAll('.searched > div').map((one) => one.querySelectorAll('dt, dd').map(({ text }) => text))
  }
  expect(await searched('q=%3Cnowhere%3E')).toEqual([['Search', '<nowhere>']])
  expect(await searched('q=x&agent=nobody&status=lost&status=failed&time=week&workflow=flow&longer=90')).toEqual([
    ['Search', 'x'],
    ['Agent', 'nobody'],
    ['Status', 'Lost or Failed'],
    ['Time', 'Last 7 days'],
    ['Workflow', 'flow'],
    ['Longer than', '1m30s'],
  ])
  expect(await searched('q=%22two&status=lost')).toEqual([['Status', 'Lost']])
  expect((await page(app, '/runs')).html.querySelector('.keys')).not.toBeNull()
})

test('of a field that can be there only once the last one counts', async () => {
  const app = await withHistory()
  const { html } = await page(app, '/runs?workflow=x&workflow=gone')
  expect(html.querySelectorAll('tr.run').map(({ id }) => id)).toEqual(['run-gone1'])
})

test.each([
  'agent[]=writer',
  'agent[$ne]=x&status[regex]=.*',
  '__proto__=x&constructor=y&toString=z',
  'agent=%00',
  'agent=%F0%9F%96%8B',
  'agent=%ff',
  'agent=%',
  "agent=' OR 1=1 --",
  `status=${'x'.repeat(5000)}`,
  '=&&;=',
  'agent=&agent=&agent=',
])('the query %s is answered as page and partial, and as JSON with runs or with what is wrong', async (query) => {
  const app = await withHistory()
  const url = `/runs?${query}`
  expect((await page(app, url)).status).toBe(200)
  expect((await partial(app, url)).html.querySelector('#runs')).toBeTruthy()
  const answer = await api(app, 'GET', url)
  const isUnderstood = /^agent=[^&]/.test(query)
  if (isUnderstood) expect(answer.status).toBe(200)
  else expect(answer).toMatchObject({ status: 422, json: { errors: expect.any(Array) } })
})

test('a filter is printed as text, and not as markup', async () => {
  const app = await withHistory()
  const hostile = encodeURIComponent('"><img src=x onerror=alert(1)>')
  const { html } = await page(app, `/runs?agent=${hostile}&status=${hostile}`)
  expect(html.querySelectorAll('img[src="x"], [onerror]')).toEqual([])
})

test.each([
  ['from=20%20Nov', 'from', '20 Nov', 'filter-from', 'local_from'],
  ['to=2026-02-30', 'to', '2026-02-30', 'filter-to', 'local_to'],
  ['longer=soon', 'longer', 'soon', 'filter-longer'],
  ['q=foo%3Abar', 'q', 'foo:bar', 'search'],
  ['columns=scor%C3%A9', 'columns', 'scoré', 'pin'],
])('the error in %s is said at its field, and the rest applies', async (invalid, field, typed, id, name = field) => {
  const app = await withHistory()
  const { html, status } = await page(app, `/runs?status=failed&agent=writer&${invalid}`)
  expect(status).toBe(200)
  const control = html.querySelector(`#${id}`)!
  expect(control.attributes).toMatchObject({ name, value: typed, 'aria-invalid': 'true' })
  expect(html.querySelector(`#${control.getAttribute('aria-describedby')}`)!.text.length).toBeGreaterThan(20)
  expect(html.querySelector('#runs')!.text).toMatch(/not applied/)
  expect(html.querySelectorAll('tr.run').map((row) => row.id)).toEqual(['run-w2'])
  const polled = new URLSearchParams(html.querySelector('#runs')!.getAttribute('hx-get')!.split('?')[1])
  expect(Object.fromEntries(polled)).toMatchObject({ status: 'failed', agent: 'writer', [field]: typed })
  const tab = html.querySelector('#status-completed')!.getAttribute('href')!
  expect(new URLSearchParams(tab.split('?')[1]).get(field)).toBe(typed)
  expectProblem(await api(app, 'GET', `/runs?status=failed&${invalid}`), 422, [field])
})

test('an error in the order or the time is said, too', async () => {
  const app = await withHistory()
  const { html } = await page(app, '/runs?sort=name&time=year')
  const errors = html.querySelectorAll('.filter-errors li').map(({ text }) => text.replace(/\s+/g, ' ').trim())
  expect(errors).toEqual([
    'Time: year Choose one of hour, day, week, month, today, yesterday, this-week. This is not applied.',
    'Order: name Sort by started, duration, tokens or cost. This is not applied.',
  ])
  expectProblem(await api(app, 'GET', '/runs?sort=name&time=year'), 422, ['sort', 'time'])
})
