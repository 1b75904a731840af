import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import {
  api,
  buildTestApp,
  ended,
  execute,
  expectProblem,
  page,
  partial,
  register,
  submit,
  submitPartial,
  type TestApp,
} from '../support/app.ts'
import { withAgent as withAgentAt } from '../support/runs/executed.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { insertStates } from '../support/runs/states.ts'
import { storedIds, storedRuns } from '../support/runs/stored.ts'
import { rawCount, rawRows } from '../support/store/raw.ts'
import { connect } from '../support/store/store.ts'

/** On a clock that goes: jobs go on by themselves. */
async function withAgent() {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  return { agent, app, posts: () => agent.requests.filter(({ url }) => url === '/run') }
}

const ofWriter = { workflow_name: 'writer', agent_id: 'writer', inputs: '{"topic": "a"}' }
const start = (app: TestApp, body: object) => api(app, 'POST', '/runs/bulk', body)

/** Asks for a job until it has ended. */
async function over(app: TestApp, id: string) {
  for (;;) {
    const { json } = await api(app, 'GET', `/runs/bulk/${id}`)
    if (json.status === 'done' || json.status === 'stopped') return json
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function carriedOut(app: TestApp, body: object) {
  const { status, json } = await start(app, { ...body, confirm: true })
  expect(status).toBe(202)
  return over(app, json.bulk_id)
}

test('runs the ticked ones again, each once, and says which were left out and why', async () => {
  const { app, posts } = await withAgent()
  await insertRuns(app, [
    { ...ofWriter, id: 'a', inputs: '{"topic": "a",  "n": 1.0}' },
    { ...ofWriter, id: 'b', status: 'failed' },
    { id: 'local' },
    { ...ofWriter, id: 'removed', workflow_name: 'old', agent_id: 'old' },
    { ...ofWriter, id: 'repr', inputs: "{'a': None}" },
    { ...ofWriter, id: 'untouched' },
  ])
  const job = await carriedOut(app, { action: 'rerun', run_ids: ['a', 'b', 'b', 'local', 'removed', 'repr', 'nobody'] })
  expect(job).toMatchObject({ status: 'done', total: 6, handled: 6, done: 2, left_out: 4, failed: 0 })
  expect(job.reasons.map(({ reason, example_run_id: id }: Record<string, string>) => [id, reason]).sort()).toEqual([
    ['local', 'The Python program ran this itself. Run it again there.'],
    ['nobody', 'This run is gone.'],
    ['removed', 'The agent "old" is not registered any more. Register it again first.'],
    ['repr', 'The inputs of this run are not recorded as a JSON object, so they cannot be sent again.'],
  ])
  await expect.poll(() => posts().length).toBe(2)
  expect(
    posts()
      .map(({ body }) => body)
      .sort(),
  ).toEqual(['{"topic": "a",  "n": 1.0}', '{"topic": "a"}'])
  const { json: list } = await api(app, 'GET', '/runs?agent=writer')
  const again = list.runs.filter(({ run_id }: { run_id: string }) => run_id.length > 20)
  expect(again).toHaveLength(2)
  for (const { run_id } of again) await ended(app, run_id)
})

test('deletes all that match, with everything that belongs to them', async () => {
  const { app } = await withAgent()
  await insertRuns(app, [
    ...Array.from({ length: 130 }, (_, index) => ({ id: `old-${index}`, status: 'failed' })),
    { id: 'kept' },
    { ...ofWriter, id: 'going', status: 'running', job_id: 'j' },
    { id: 'pythons', status: 'running' },
  ])
  await insertStates(
    app,
    ['old-1', 'old-1', 'old-2', 'kept'].map((run) => ({ run, data: {} })),
  )
  const event = (at: string) =>
    `INSERT INTO run_events (run_id, at, kind, attempt) VALUES ('old-3', ${at}, 'accepted', 0)`
  await rawRows(app, event("'2026-11-20 08:00:00.000000'"), event('0'))

  const job = await carriedOut(app, { action: 'delete', filter: 'status=failed&status=running' })
  expect(job).toMatchObject({ status: 'done', total: 132, done: 131, left_out: 1, failed: 0 })
  expect(job.reasons).toMatchObject([{ kind: 'left_out', runs: 1, example_run_id: 'going' }])
  expect(await storedIds(app)).toEqual(['going', 'kept'])
  expect([await rawCount(app, 'run_events'), await rawCount(app, 'run_index', 'runs')]).toEqual([0, 2])
  const states = (table: string) => `SELECT run_id FROM ${table}`
  expect(await rawRows(app, states('execution_states'), states('node_states'))).toEqual([{ run_id: 'kept' }])
})

test('means the same runs to its end, whatever it has deleted before', async () => {
  const { app } = await withAgent()
  const at = (minute: number) => ({ started_at: `2026-11-20 08:0${minute}:00.000000` })
  await insertRuns(app, [
    { id: 'big', workflow_name: 'Writer', ...at(9) },
    { id: 'small', workflow_name: 'writer', ...at(1) },
    { id: '019ac3f2-aaaa-7000-8000-000000000001', ...at(8) },
    { id: 'refers', inputs: '{"after": "019ac3f2-aaaa-7000-8000-000000000001"}', ...at(2) },
    { id: 'night-run', ...at(7) },
    { id: 'night-run-2', inputs: '{"after": "night-run"}', ...at(3) },
  ])
  for (const filter of ['agent=Writer', 'q=019ac3f2', 'q=night-run'])
    expect(await carriedOut(app, { action: 'delete', filter })).toMatchObject({ total: 1, done: 1 })
  expect(await storedIds(app)).toEqual(['night-run-2', 'refers', 'small'])
})

test('what is confirmed late means what was asked, also when that is gone', async () => {
  const { app } = await withAgent()
  await insertRuns(app, [
    { id: 'big', workflow_name: 'Writer' },
    { id: 'small', workflow_name: 'writer' },
  ])
  const { html } = await submitPartial(app, '/runs/bulk', {
    action: 'delete',
    all: 'yes',
    filter: '/runs?agent=Writer',
  })
  const fields = Object.fromEntries(
    html
      .querySelectorAll('input[type=hidden]')
      .map((input) => [input.getAttribute('name'), input.getAttribute('value')]),
  ) as Record<string, string>
  await carriedOut(app, { action: 'delete', run_ids: ['big'] })
  await submit(app, '/runs/bulk', fields)
  const { json } = await api(app, 'GET', '/runs/bulk')
  expect(await over(app, json.jobs[0].bulk_id)).toMatchObject({ status: 'done', done: 0 })
  expect(await storedIds(app)).toEqual(['small'])
})

test('cancels what goes on, and leaves out what has ended and what only Python can stop', async () => {
  const agent = await startAgent({ run: json({ status: 'async', job_id: 'j' }), status: json({ status: 'running' }) })
  const app = await buildTestApp()
  await register(app, agent.url)
  const ids = [await execute(app, 'writer'), await execute(app, 'writer')]
  await insertRuns(app, [{ id: 'pythons', status: 'running' }, { id: 'over' }])
  const job = await carriedOut(app, { action: 'cancel', all: true })
  expect(job).toMatchObject({ total: 4, done: 2, left_out: 2 })
  for (const id of ids) expect((await ended(app, id)).status).toBe('cancelled')
  const shown = await api(app, 'GET', '/runs/pythons')
  expect(shown.json.status).toBe('running')
})

test('runs that start after the press are not meant', async () => {
  const { app } = await withAgent()
  await insertRuns(app, [{ id: 'before' }])
  const { html } = await submitPartial(app, '/runs/bulk', { action: 'delete', all: 'yes', filter: '/runs' })
  const fields = Object.fromEntries(
    html
      .querySelectorAll('input[type=hidden]')
      .map((input) => [input.getAttribute('name'), input.getAttribute('value')]),
  ) as Record<string, string>
  expect(fields.filter).toMatch(/^to=\d{4}-/)
  await insertRuns(app, [
    { id: 'after', started_at: new Date(Date.now() + 1000).toISOString().replace('T', ' ').replace('Z', '000') },
  ])
  const answer = await submit(app, '/runs/bulk', fields)
  expect(answer).toMatchObject({ status: 303, headers: { location: '/runs' } })
  await expect.poll(() => storedIds(app)).toEqual(['after'])
})

test('the question says how many, what will happen, and what is left out', async () => {
  const { app } = await withAgent()
  await insertRuns(app, [
    { ...ofWriter, id: 'a', total_cost_usd: 0.5 },
    { ...ofWriter, id: 'b', total_cost_usd: 0.25 },
    { id: 'local' },
    { ...ofWriter, id: 'pythons', status: 'running', agent_id: null, workflow_name: 'report' },
  ])
  const ask = async (action: string) =>
    (await submitPartial(app, '/runs/bulk', { action, all: 'yes', filter: '' })).text
  expect(await ask('rerun')).toMatch(/Rerun 2 runs\?.*charged again: together they cost \$0\.7500 before/s)
  expect(await ask('rerun')).toContain('2 of 4 runs skipped')
  expect(await ask('delete')).toMatch(
    /Delete 4 runs\?.*cannot be undone.*saved states.*1 run of other programs is still running/s,
  )
  const cancel = await submitPartial(app, '/runs/bulk', { action: 'cancel', all: 'yes', filter: '' })
  expect(cancel.html.querySelector('[type=submit]')).toBeNull()
  expect(cancel.text).toContain('4 of 4 runs skipped')
  const one = await submit(app, '/runs/bulk', { action: 'cancel', run: 'a' })
  expect(one.html.querySelector('h2')!.text).toBe('Nothing to stop waiting for')
})

test('works without JavaScript: a page asks, and the confirmation leads back to the list, where the progress stands', async () => {
  const { app } = await withAgent()
  await insertRuns(app, Array(3).fill({ status: 'failed' }))
  const list = await page(app, '/runs?status=failed')
  const bar = list.html.querySelector('form#bulk')!
  expect(bar.getAttribute('action')).toBe('/runs/bulk')
  expect(list.html.querySelectorAll('input[name=run][form=bulk]').map((box) => box.getAttribute('value'))).toEqual([
    'run-2',
    'run-1',
    'run-0',
  ])
  const filter = bar.querySelector('[name=filter]')!.getAttribute('value')!
  const question = await submit(app, '/runs/bulk', { action: 'delete', run: 'run-1', filter })
  expect(question.html.querySelector('h2')!.text).toBe('Delete 1 run?')
  const fields = Object.fromEntries(
    question.html
      .querySelectorAll('form input')
      .map((input) => [input.getAttribute('name'), input.getAttribute('value')]),
  ) as Record<string, string>
  const sent = await Promise.all([1, 2, 3].map(() => submit(app, '/runs/bulk', fields)))
  expect(sent.map(({ headers }) => headers.location)).toEqual(Array(3).fill('/runs?status=failed'))
  const { json: all } = await api(app, 'GET', '/runs/bulk')
  expect(all.jobs).toHaveLength(1)
  const [{ bulk_id: id }] = all.jobs
  await over(app, id)
  expect(await storedIds(app)).toEqual(['run-0', 'run-2'])
  const after = await page(app, '/runs?status=failed')
  expect(after.html.querySelector(`#bulk-job-${id}`)!.text).toContain('1 run deleted')
  await submit(app, `/runs/bulk/${id}/close`)
  expect((await page(app, '/runs')).html.querySelector(`#bulk-job-${id}`)).toBeNull()
  expect((await page(app, `/runs/bulk/${id}`)).status).toBe(200)
})

test('how it ended is shown to one visit, and to a page that shows it already', async () => {
  const { app } = await withAgent()
  await insertRuns(app, Array(3).fill({ status: 'failed' }))
  const isShown = async (answer: ReturnType<typeof page>, id: string) =>
    (await answer).html.querySelector(`#bulk-job-${id}`) !== null
  const { bulk_id: id } = await carriedOut(app, { action: 'delete', run_ids: ['run-0'] })
  // A poll of a page that has not shown it is no visit.
  expect(await isShown(partial(app, '/runs'), id)).toBe(true)
  expect(await isShown(page(app, '/runs?status=failed'), id)).toBe(true)
  expect(await isShown(page(app, '/runs'), id)).toBe(false)
  expect(await isShown(partial(app, '/runs'), id)).toBe(false)
  expect(await isShown(partial(app, `/runs?shown=${id}`), id)).toBe(true)
  expect(await isShown(page(app, '/runs'), id)).toBe(false)
  const { bulk_id: other } = await carriedOut(app, { action: 'delete', run_ids: ['run-1'] })
  expect(await isShown(partial(app, `/runs?shown=${id}&shown=${other}`), other)).toBe(true)
  expect(await isShown(page(app, '/runs'), other)).toBe(true)
})

test('one job at a time: the next one waits, and each can be stopped', async () => {
  const { app, clock } = await withAgentAt()
  await insertRuns(
    app,
    Array.from({ length: 300 }, (_, index) => ({ id: `x-${index}` })),
  )
  const [one, two] = [
    (await start(app, { action: 'delete', all: true, confirm: true })).json.bulk_id,
    (await start(app, { action: 'delete', run_ids: ['x-0'], confirm: true })).json.bulk_id,
  ]
  await clock.advance(15)
  const first = await partial(app, `/runs/bulk/${one}`)
  expect(first.html.querySelector('progress')!.getAttribute('max')).toBe('300')
  const value = Number(first.html.querySelector('progress')!.getAttribute('value'))
  expect(value).toBeGreaterThan(0)
  expect(value).toBeLessThan(300)
  expect(first.html.querySelector('section')!.getAttribute('hx-trigger')).toContain('every')
  expect((await partial(app, `/runs/bulk/${two}`)).text).toContain('Queued behind another one')

  const stopped = await api(app, 'POST', `/runs/bulk/${one}/stop`)
  expect(stopped).toMatchObject({ status: 200, json: { status: 'stopped' } })
  await clock.advance(2000)
  const { json: end } = await api(app, 'GET', `/runs/bulk/${one}`)
  expect(end.done).toBeLessThan(300)
  expect(await storedIds(app)).toHaveLength(300 - end.done - (await over(app, two)).done)
  expect(
    (await partial(app, `/runs/bulk/${one}`)).html.querySelector('section')!.getAttribute('hx-trigger'),
  ).toBeUndefined()
  expectProblem(await api(app, 'POST', `/runs/bulk/${one}/stop`), 409)
})

test('no more runs are accepted than a few hundred that wait', { timeout: 60_000 }, async () => {
  const { app, clock } = await withAgentAt({ run: () => undefined })
  await insertRuns(
    app,
    Array.from({ length: 250 }, (_, index) => ({ ...ofWriter, id: `x-${index}` })),
  )
  const { json: job } = await start(app, { action: 'rerun', filter: { agent: 'writer' }, confirm: true })
  await clock.advance(5000)
  expect((await api(app, 'GET', `/runs/bulk/${job.bulk_id}`)).json).toMatchObject({ status: 'working', done: 200 })
  await api(app, 'POST', '/runs/bulk', { action: 'cancel', filter: { status: ['pending', 'running'] }, confirm: true })
  await api(app, 'POST', `/runs/bulk/${job.bulk_id}/stop`)
  await clock.advance(60_000)
  expect((await storedRuns(app)).filter(({ status }) => status === 'pending')).toEqual([])
})

test.each([
  ['cancelled', true],
  ['queued', false],
])(
  'runs of a stuck agent that are %s keep no action on another agent waiting',
  { timeout: 60_000 },
  async (_, isCancelled) => {
    const { app, clock } = await withAgentAt({
      run: json({ status: 'async', job_id: 'j' }),
      status: json({ status: 'running' }),
    })
    const well = await startAgent()
    await register(app, well.url, 'well')
    await insertRuns(app, [{ ...ofWriter, id: 'well-1', agent_id: 'well', workflow_name: 'well' }])
    const topics = Array.from({ length: 220 }, (_, run) => String(run))
    const stuck = await Promise.all(topics.map((topic) => execute(app, 'writer', { topic })))
    if (isCancelled) await Promise.all(stuck.map((id) => api(app, 'POST', `/runs/${id}/cancel`)))
    const { json: job } = await start(app, { action: 'rerun', run_ids: ['well-1'], confirm: true })
    await clock.advance(2000)
    expect((await api(app, 'GET', `/runs/bulk/${job.bulk_id}`)).json).toMatchObject({ status: 'done', done: 1 })
    await expect.poll(() => well.requests.filter(({ url }) => url === '/run').length).toBe(1)
  },
)

test('a script learns of its errors, and that nothing is done unconfirmed', async () => {
  const { app } = await withAgent()
  await insertRuns(app, [{}, {}])
  expectProblem(await start(app, { action: 'explode', run_ids: [] }), 422, ['action'])
  expectProblem(await start(app, { action: 'delete' }), 422, ['run_ids'])
  expectProblem(await start(app, { action: 'delete', run_ids: ['a'], filter: '' }), 422, ['run_ids'])
  expectProblem(await start(app, { action: 'delete', filter: 'longer=x', confirm: true }), 422, ['longer'])
  expectProblem(await start(app, { action: 'delete', filter: 5 }), 422, ['filter'])
  const empty = await start(app, { action: 'delete', filter: '', confirm: true })
  expectProblem(empty, 422, ['filter'])
  expect(empty.json.detail).toContain('does not say which runs to select. For all runs, send "all": true')
  const unsure = await start(app, { action: 'delete', all: true })
  expectProblem(unsure, 422, ['confirm'])
  expect(unsure.json.detail).toContain('2 runs are selected')
  expectProblem(await api(app, 'GET', '/runs/bulk/none'), 404)
  expect(await storedIds(app)).toHaveLength(2)
  const nothing = await submitPartial(app, '/runs/bulk', { action: 'delete' })
  expect(nothing).toMatchObject({ status: 422 })
  expect(nothing.text).toContain('Select runs, or all that match.')
})

test('a script that asks twice under one Idempotency-Key has one job', async () => {
  const { app } = await withAgent()
  const ask = () =>
    app.inject({
      method: 'POST',
      url: '/runs/bulk',
      headers: { accept: 'application/json', 'content-type': 'application/json', 'idempotency-key': 'k' },
      payload: JSON.stringify({ action: 'delete', filter: 'status=failed', confirm: true }),
    })
  const [one, two] = [await ask(), await ask()]
  expect(one.headers.location).toBe(`/runs/bulk/${one.json().bulk_id}`)
  expect(two.json().bulk_id).toBe(one.json().bulk_id)
})

test('while older runs are not read yet, nobody can mean all that match', async () => {
  const { app } = await withAgent()
  const set = connect(app.db).prepare('INSERT OR REPLACE INTO dashboard_state VALUES (?, ?)')
  for (const [key, value] of Object.entries({ history_newest: 9, history_oldest: 1, history_next: 4 }))
    set.run(key, String(value))
  expectProblem(await start(app, { action: 'delete', all: true, confirm: true }), 503)
  expect((await start(app, { action: 'delete', run_ids: ['x'], confirm: true })).status).toBe(202)
})
