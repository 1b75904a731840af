import { expect, test } from 'vitest'
import { startAgent } from '../support/agent.ts'
import { api, buildTestApp, page, partial, register, type TestApp } from '../support/app.ts'
import { insertRuns } from '../support/runs.ts'

/** Runs of an agent that is registered, of one that is not, of one that only the Python program knew, and local ones. */
async function withHistory(): Promise<TestApp> {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url, 'writer', 'Article Writer')
  await register(app, agent.url, 'idle', 'Idle')
  insertRuns(app, [
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

test('the menu has every agent that there is or that has runs, and local runs', async () => {
  const app = await withHistory()
  const { html } = await page(app, '/runs')
  const options = html
    .querySelectorAll('#filter-agent option')
    .map((option) => [option.getAttribute('value'), option.text])
  expect(options).toEqual([
    ['', 'All agents'],
    ['writer', 'Article Writer · writer'],
    ['idle', 'Idle · idle'],
    ['gone', 'gone (removed)'],
    ['/local', 'Local runs'],
  ])
  expect(html.querySelectorAll('option[selected]')).toEqual([])
})

test('the menu shows what is chosen, and keeps the status', async () => {
  const app = await withHistory()
  const chosen = async (query: string) => {
    const { html } = await page(app, `/runs?${query}`)
    return html.querySelectorAll('option[selected]').map((option) => option.text)
  }
  expect(await chosen('agent=writer')).toEqual(['Article Writer · writer'])
  expect(await chosen('agent=%2Flocal')).toEqual(['Local runs'])
  expect(await chosen('agent=')).toEqual([])
  const { html } = await page(app, '/runs?status=failed')
  const form = html.querySelector('form.filter-agent')!
  expect(form.attributes).toMatchObject({ action: '/runs', method: 'get', 'hx-push-url': 'true' })
  expect(form.querySelector('input[type="hidden"]')!.attributes).toMatchObject({ name: 'status', value: 'failed' })
})

test('statuses are links with their numbers, which keep the agent', async () => {
  const app = await withHistory()
  const { html } = await page(app, '/runs?agent=writer&status=failed')
  const statuses = html.querySelectorAll('.segments a').map((link) => [link.text, link.getAttribute('href')])
  expect(statuses).toEqual([
    ['All 3', '/runs?agent=writer'],
    ['Running 0', '/runs?agent=writer&status=running'],
    ['Completed 1', '/runs?agent=writer&status=completed'],
    ['Failed 1', '/runs?agent=writer&status=failed'],
    ['Paused 1', '/runs?agent=writer&status=paused'],
  ])
  expect(html.querySelectorAll('[aria-current="true"]').map((link) => link.text)).toEqual(['Failed 1'])
})

test('both filters stand in the URL that the region polls', async () => {
  const app = await withHistory()
  const { html } = await partial(app, '/runs?status=failed&agent=writer')
  expect(html.firstElementChild!.getAttribute('hx-get')).toBe('/runs?agent=writer&status=failed')
})

test('a form that was left alone is no filter', async () => {
  const app = await withHistory()
  expect(await idsFor(app, 'agent=&status=')).toHaveLength(6)
  expect((await partial(app, '/runs?agent=&status=')).html.firstElementChild!.getAttribute('hx-get')).toBe('/runs')
})

test('an agent or status that nobody knows gives an empty list that says so, and leads back', async () => {
  const app = await withHistory()
  for (const query of ['agent=nobody', 'status=exploded', 'agent=nobody&status=failed']) {
    const { html, status } = await page(app, `/runs?${query}`)
    expect(status).toBe(200)
    expect(html.querySelector('#runs h3')!.text).toBe('No run matches')
    expect(html.querySelector('#runs .empty a')!.getAttribute('href')).toBe('/runs')
  }
  const { html } = await page(app, '/runs?agent=nobody')
  expect(html.querySelector('option[selected]')!.text).toBe('nobody (unknown)')
})

test('of a parameter that stands twice the last one counts', async () => {
  const app = await withHistory()
  expect(await idsFor(app, 'agent=gone&agent=writer')).toEqual(['w3', 'w2', 'w1'])
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
  'older=%00~%00',
  "older='~'",
  '=&&;=',
  'agent=&agent=&agent=',
])('the query %s is answered, as page, partial and JSON', async (query) => {
  const app = await withHistory()
  const url = `/runs?${query}`
  expect((await page(app, url)).status).toBe(200)
  expect((await partial(app, url)).html.querySelector('#runs')).toBeTruthy()
  expect((await api(app, 'GET', url)).status).toBe(200)
})

test('a filter is printed as text, and not as markup', async () => {
  const app = await withHistory()
  const hostile = encodeURIComponent('"><img src=x onerror=alert(1)>')
  const { html } = await page(app, `/runs?agent=${hostile}&status=${hostile}`)
  expect(html.querySelectorAll('img[src="x"], [onerror]')).toEqual([])
})
