import { describe, expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import {
  api,
  buildTestApp,
  expectProblem,
  page,
  register,
  submit,
  submitPartial,
  type TestApp,
} from '../support/app.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { storedIds } from '../support/runs/stored.ts'
import { storeOf } from '../support/store/database.ts'

async function withRuns(): Promise<TestApp> {
  const app = await buildTestApp()
  await insertRuns(app, [{ status: 'failed' }, { workflow_name: 'writer' }, {}])
  return app
}

const runsIn = async (app: TestApp) => (await storedIds(app)).length
const jobsIn = async (app: TestApp) => (await storeOf(app).bulk.latest(9)).length

describe('a bulk action that does not say plainly which runs it means is refused', () => {
  test.each<[body: object, ...fields: string[]]>([
    [{ filter: { statuses: ['failed'] } }, 'statuses'],
    [{ filter: { agent_id: 'writer' } }, 'agent_id'],
    [{ filter: 'agent_id=' }, 'agent_id'],
    [{ filter: 'Status=failed' }, 'Status'],
    [{ filter: { status: 'failed', agnet: 'writer' } }, 'agnet'],
    [{ filter: 'failed' }, 'failed'],
    [{ filter: {} }, 'filter'],
    [{ filter: '' }, 'filter'],
    [{ filter: '?' }, 'filter'],
    [{ filter: '/runs' }, 'filter'],
    [{ filter: '/agents?status=failed' }, 'filter'],
    [{ filter: { sort: 'cost' } }, 'filter'],
    [{ filter: 'older=123' }, 'filter'],
    [{ filter: { agent: '' } }, 'agent'],
    [{ filter: { agent: [] } }, 'agent'],
    [{ filter: { agent: ['writer', ''] } }, 'agent'],
    [{ filter: 'agent=&status=' }, 'agent', 'status'],
    [{ filter: { q: '  ' } }, 'q'],
    [{ filter: 'q=' }, 'q'],
    [{ filter: { q: '-status:failde' } }, 'q'],
    [{ filter: { q: '-agent:wrtier,writer -status:failed' } }, 'q'],
    [{ filter: { q: 'status:failed OR -workflow:rep' } }, 'q'],
    [{ filter: { q: '-id:nothere' } }, 'q'],
    [{ filter: { q: 'status:failed OR -id:01aaaaaa' } }, 'q'],
    [{ filter: { time: ['day', 'week'] } }, 'time'],
    [{ filter: 'longer=1m&longer=2m' }, 'longer'],
    [{ filter: { all: 'false' } }, 'all'],
    [{ filter: { all: true, status: 'failed' } }, 'all'],
    [{ filter: { agent: true } }, 'agent'],
    [{ filter: null }, 'filter'],
    [{ filters: { status: 'failed' } }, 'filters', 'run_ids'],
    [{ filter: 'status=failed', statuses: 'failed' }, 'statuses'],
    [{ filter: { all: [] } }, 'all'],
    [{ filter: { all: ['true', 'x'] } }, 'all'],
    [{ filter: '__proto__=x' }, '__proto__'],
    [{ filter: '/runs?status=failed&__proto__=x' }, '__proto__'],
    [{ filter: JSON.parse('{"status":"failed","__proto__":"x"}') }, '__proto__'],
    [{ filter: '/runs#status=failed' }, 'filter'],
    [{ filter: 'http://[?status=failed' }, 'filter'],
    [{ all: false }, 'all'],
    [{ all: 'true' }, 'all'],
    [{ all: true, filter: 'status=failed' }, 'run_ids'],
    [{ all: true, run_ids: ['run-0'] }, 'run_ids'],
    [{}, 'run_ids'],
  ])('%j', async (body, ...fields) => {
    const app = await withRuns()
    expectProblem(await api(app, 'POST', '/runs/bulk', { action: 'delete', confirm: true, ...body }), 422, fields)
    expect([await runsIn(app), await jobsIn(app)]).toEqual([3, 0])
  })

  test('with the names that there are, and the one that was meant', async () => {
    const app = await withRuns()
    const body = { action: 'delete', filter: { statuses: ['failed'] }, confirm: true }
    const { json } = await api(app, 'POST', '/runs/bulk', body)
    expect(json.detail).toBe(
      'There is no field “statuses”. Write “status”. There are agent, status, workflow, time, from, to, longer, q, sort, columns, older and newer.',
    )
  })

  test('also where the filter stands in the address of the request', async () => {
    const app = await withRuns()
    const url = '/runs/bulk?status=failed'
    expectProblem(await api(app, 'POST', url, { action: 'delete', all: true, confirm: true }), 422, ['status'])
    expect(await runsIn(app)).toBe(3)
  })

  test.each<Record<string, string>>([
    { all: 'yes', filter: 'statuses=failed' },
    { all: 'yes', filter: '/runs?status=' },
    { all: 'yes', status: 'failed' },
    { all: 'no', filter: 'status=failed' },
    { all: 'yes', filter: '&' },
    { all: 'yes', filter: '/runs?&&' },
    { all: 'yes', run: 'run-0', filter: '' },
    { all: 'yes', filter: '/runs?__proto__=x' },
    { all: 'yes', filter: '/runs#status=failed' },
    { all: 'perhaps' },
    { all: 'yes', confirm: 'perhaps' },
    { filter: 'status=failed' },
  ])('by a form too: %j', async (fields) => {
    const app = await withRuns()
    const answer = await submit(app, '/runs/bulk', { action: 'delete', confirm: 'yes', ...fields })
    expect(answer.status).toBe(422)
    expect([await runsIn(app), await jobsIn(app)]).toEqual([3, 0])
  })
})

test('a form that gives its filter twice is refused: the last one need not be the one that is meant', async () => {
  const app = await withRuns()
  for (const filter of ['filter=status%3Dfailed&filter=', 'filter=&filter=status%3Dfailed']) {
    const { statusCode } = await app.inject({
      method: 'POST',
      url: '/runs/bulk',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      payload: `action=delete&confirm=yes&all=yes&${filter}`,
    })
    expect(statusCode).toBe(422)
  }
  expect([await runsIn(app), await jobsIn(app)]).toEqual([3, 0])
})

test('all runs are meant by whoever says so by name', async () => {
  const app = await withRuns()
  for (const all of [{ all: true }, { filter: { all: true } }, { filter: 'all=true' }]) {
    const { json } = await api(app, 'POST', '/runs/bulk', { action: 'delete', ...all })
    expect(json.detail).toContain('3 runs are selected')
  }
  // The list of all runs, in another order, and its box "all".
  for (const filter of ['/runs', '/runs?sort=cost&columns=status', '']) {
    const question = await submitPartial(app, '/runs/bulk', { action: 'delete', all: 'yes', filter })
    expect(question.html.querySelector('h2')!.text).toBe('Delete 3 runs?')
  }
  const unconfirmed = await submit(app, '/runs/bulk', { action: 'delete', all: 'yes', filter: '', confirm: 'no' })
  expect(unconfirmed.html.querySelector('h2')!.text).toBe('Delete 3 runs?')
})

test('a status that no run can have is named in red, and shows no runs rather than all', async () => {
  const app = await withRuns()
  const { html } = await page(app, '/runs?status=failled&agent=writer')
  const alert = html.querySelector('[role=alert]')!
  expect(alert.text).toMatch(
    /failled\s+There is no status “failled”. Choose pending, running, completed, failed, lost or cancelled.\s+No run has it./,
  )
  expect(html.querySelectorAll('tr.run')).toHaveLength(0)
  expect(html.toString()).not.toContain('status=failled&amp;status=failled')
  const without = alert.querySelector('a')!.getAttribute('href')!
  expect(without).toBe('/runs?agent=writer')
  expect((await page(app, without)).html.querySelectorAll('tr.run')).toHaveLength(1)
})

describe('a program that asks for runs', () => {
  test.each<[query: string, ...fields: string[]]>([
    ['agent_id=writer', 'agent_id'],
    ['statuses=failed&q=x', 'statuses'],
    ['__proto__=x&agent=writer', '__proto__'],
    ['agent=', 'agent'],
    ['agent=writer&agent=', 'agent'],
    ['workflow=%20', 'workflow'],
    ['q=a&q=b', 'q'],
    ['max=5', 'max'],
  ])('is refused a list, an export and a chart for ?%s', async (query, ...fields) => {
    const app = await withRuns()
    expectProblem(await api(app, 'GET', `/runs?${query}`), 422, fields)
    expectProblem(await api(app, 'GET', `/runs/export?format=csv&${query}`), 422, fields)
    expectProblem(await api(app, 'GET', `/runs/chart?${query}`), 422, fields)
  })

  test.each(['failled', 'x*', 'failed&status=odd'])('is refused a status that no run can have: %s', async (status) => {
    const app = await withRuns()
    for (const url of [
      `/runs?status=${status}`,
      `/runs/export?format=csv&status=${status}`,
      `/runs/chart?status=${status}`,
    ])
      expectProblem(await api(app, 'GET', url), 422, ['status'])
    const body = { action: 'delete', filter: `status=${status}`, confirm: true }
    expectProblem(await api(app, 'POST', '/runs/bulk', body), 422, ['status'])
    expect([await runsIn(app), await jobsIn(app)]).toEqual([3, 0])
  })

  test('may ask for one that no run has now, in any case, and for what the Python program wrote', async () => {
    const app = await withRuns()
    await insertRuns(app, [{ id: 'odd', status: 'Odd' }])
    const totals = ['lost', 'FAILED', 'odd', 'O*'].map(
      async (status) => (await api(app, 'GET', `/runs?status=${status}`)).json.total,
    )
    expect(await Promise.all(totals)).toEqual([0, 1, 1, 1])
  })

  test('is refused names elsewhere that would leave something out', async () => {
    const app = await withRuns()
    expectProblem(await api(app, 'GET', '/agents?includeDead=true'), 422, ['includeDead'])
    expectProblem(await api(app, 'GET', '/runs/fields?agents=writer'), 422, ['agents'])
    expectProblem(await api(app, 'GET', '/runs/compare?left=run-0&right=run-1'), 422, ['left', 'right'])
    expectProblem(await api(app, 'GET', '/runs/bulk?status=done'), 422, ['status'])
  })
})

test('inputs under another name do not execute an agent with none', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const body = { inputs: {}, input: { topic: 'a' } }
  expectProblem(await api(app, 'POST', '/orchestrator/writer/execute', body), 422, ['input'])
  expect(agent.requests.filter(({ url }) => url === '/run')).toEqual([])
})

test('the empty fields that a browser sends with the form are no filter, and no error', async () => {
  const app = await withRuns()
  const { html, status } = await page(app, '/runs?status=failed&workflow=&from=&to=&longer=&q=&columns=')
  expect(status).toBe(200)
  expect(html.querySelectorAll('tr.run')).toHaveLength(1)
  expect(html.querySelector('.filter-errors')).toBeNull()
})

test('a page says which name it does not know, and what is done to all that match it is refused', async () => {
  const app = await withRuns()
  const { html } = await page(app, '/runs?agent_id=writer')
  expect(html.querySelector('.filter-errors')!.text).toMatch(
    /agent_id:\s+writer\s+There is no field “agent_id”\. Write “agent”\./,
  )
  const filter = html.querySelector('#bulk [name=filter]')!.getAttribute('value')!
  expect((await submit(app, '/runs/bulk', { action: 'delete', all: 'yes', filter })).status).toBe(422)
  // Without the error, the links of the page lead on.
  expect(html.querySelector('#status-all')!.getAttribute('href')).toBe('/runs?agent_id=writer')
})
