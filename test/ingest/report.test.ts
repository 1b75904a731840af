import { describe, expect, test } from 'vitest'
import { routes } from '../../src/web/http/paths.ts'
import { api, buildTestApp, expectProblem, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { storedRuns } from '../support/runs/stored.ts'

const now = Date.UTC(2026, 10, 22, 17)
const open = () => buildTestApp({}, { clock: createTestClock(now) })

const running = {
  run_id: 'nightly-1',
  workflow_name: 'nightly_report',
  status: 'running',
  started_at: '2026-11-22T16:14:30.057758',
}
const completed = {
  ...running,
  status: 'completed',
  completed_at: '2026-11-22T16:14:38.557Z',
  outputs: { report: 'Ready' },
  total_tokens: 1200,
  total_cost_usd: 0.034,
}

const report = (app: TestApp, body: unknown) => api(app, 'POST', '/runs', body)
const read = async (app: TestApp, id = running.run_id) => (await api(app, 'GET', `/runs/${id}`)).json

describe('a run that a program reports', () => {
  test('is recorded while it is running, and again when it has ended', async () => {
    const app = await open()
    expect(await report(app, running)).toMatchObject({
      status: 200,
      json: { run_id: 'nightly-1', status: 'created', url: '/runs/nightly-1' },
    })
    expect(await read(app)).toMatchObject({ status: 'running', workflow: 'nightly_report', agent_id: null })
    expect((await report(app, completed)).json).toMatchObject({ status: 'updated' })
    expect(await read(app)).toMatchObject({
      ...{ status: 'completed', duration_seconds: 8.5, total_tokens: 1200, total_cost_usd: 0.034 },
      ...{ outputs: { report: 'Ready' }, reported_at: '2026-11-22T17:00:00.000Z' },
    })
  })

  test('may be reported when it has ended, with or without a time of its end', async () => {
    const app = await open()
    const { completed_at: _, ...without } = { ...completed, run_id: 'without' }
    expect((await report(app, [completed, without])).status).toBe(200)
    expect(await read(app)).toMatchObject({ status: 'completed', duration_seconds: 8.5 })
    expect(await read(app, 'without')).toMatchObject({
      status: 'completed',
      completed_at: null,
      duration_seconds: null,
    })
  })

  test('is stored as the Python program writes its own', async () => {
    const app = await open()
    await report(app, { ...completed, agent_id: 'writer', started_at: '2026-11-22 17:14:30.057+01:00' })
    const startedAt = Date.UTC(2026, 10, 22, 16, 14, 30, 57)
    expect(await storedRuns(app)).toMatchObject([
      { agent: 'writer', workflow: 'nightly_report', agentId: 'writer', startedAt, completedAt: startedAt + 8500 },
    ])
  })

  test('keeps its payloads to the byte', async () => {
    const app = await open()
    const [inputs, outputs] = ['{"b": 9007199254740993,  "a": 1.0, "a": "\\ud83d"}', '[1e400,\n -0, {"z": 1, "a": 2}]']
    const { inputs: _, outputs: __, ...rest } = { ...completed, inputs: null, outputs: null }
    await report(app, `${JSON.stringify(rest).slice(0, -1)}, "inputs" : ${inputs} , "outputs":${outputs}\n}`)
    expect(await storedRuns(app)).toMatchObject([{ inputs, outputs }])
    const listed = { ...rest, run_id: 'listed' }
    await report(app, ` [ 1, ${JSON.stringify(listed).slice(0, -1)}, "inputs":${inputs} } ] `)
    expect((await api(app, 'GET', '/runs/listed/inputs')).text).toBe(inputs)
  })

  test('may belong to a trace', async () => {
    const app = await open()
    const trace_id = '0af7651916cd43dd8448eb211c80319c'
    await report(app, { ...running, trace_id })
    await report(app, completed)
    expect(await read(app)).toMatchObject({ status: 'completed', trace_id })
    expectProblem(await report(app, { ...running, run_id: 'b', trace_id: '0'.repeat(32) }), 422, ['trace_id'])
  })

  test('keeps what a later report leaves out, or says null of', async () => {
    const app = await open()
    await report(app, { ...running, agent_id: 'writer', inputs: { topic: 'a' }, total_tokens: 10 })
    await report(app, { ...completed, agent_id: null, total_tokens: null })
    expect(await read(app)).toMatchObject({ agent_id: 'writer', inputs: { topic: 'a' }, total_tokens: 10 })
  })
})

describe('the same report again', () => {
  test.each([
    ['of a running run', running],
    ['of a run that has ended', completed],
  ])('%s changes nothing', async (_, body) => {
    const clock = createTestClock(now)
    const app = await buildTestApp({}, { clock })
    await report(app, body)
    const before = [await read(app), app.orchestrator.revision()]
    await clock.advance(1000)
    expect(await report(app, body)).toMatchObject({ status: 200, json: { status: 'unchanged' } })
    expect([await read(app), app.orchestrator.revision()]).toEqual(before)
  })

  test.each<[string, object]>([
    ['other outputs', { outputs: { report: 'ready' } }],
    ['another status', { status: 'failed' }],
    ['that it is running', { ...running, completed_at: null }],
    ['more tokens', { total_tokens: 1201 }],
    ['an input', { inputs: {} }],
  ])('with %s changes no run that has ended', async (_, change) => {
    const app = await open()
    await report(app, completed)
    const before = await read(app)
    const answer = await report(app, { ...completed, ...change })
    expectProblem(answer, 409)
    expect(answer.json.detail).toContain('has ended: it is completed')
    expect(await read(app)).toEqual(before)
  })

  test.each<[string, object]>([
    ['workflow_name', { workflow_name: 'weekly' }],
    ['agent_id', { agent_id: 'reviewer' }],
    ['started_at', { started_at: '2026-11-22T16:14:31Z' }],
  ])('with another %s is taken for another run, and refused', async (field, change) => {
    const app = await open()
    await report(app, running)
    const answer = await report(app, { ...completed, ...change })
    expectProblem(answer, 409)
    expect(answer.json.detail).toBe(`The run "nightly-1" has another ${field}. Use another run_id for another run.`)
    expect(await read(app)).toMatchObject({ status: 'running' })
  })

  test.each([
    ['this dashboard executes', { agent_id: 'writer' }, 'executed by this dashboard'],
    ['the Python program has recorded', { agent_id: null }, 'The Python program has recorded'],
  ])('does not touch a run that %s', async (_, row, sentence) => {
    const app = await open()
    await insertRuns(app, [{ id: 'nightly-1', status: 'running', ...row }])
    const answer = await report(app, completed)
    expectProblem(answer, 409)
    expect(answer.json.detail).toContain(sentence)
    expect(await read(app)).toMatchObject({ status: 'running', reported_at: null })
  })
})

describe('a report is refused', () => {
  const cases: [string, object, string][] = [
    ['with an unknown field', { workflow: 'x' }, 'workflow'],
    ['with an unknown status', { status: 'done' }, 'status'],
    ['with a status that only the dashboard can know', { status: 'lost' }, 'status'],
    ['without a start', { started_at: undefined }, 'started_at'],
    ['with a day that does not exist', { started_at: '2026-02-30T10:00:00' }, 'started_at'],
    ['with a number for a time', { started_at: 1795363200 }, 'started_at'],
    ['with a time of before 1970', { started_at: '0001-01-01T00:00:00' }, 'started_at'],
    [
      'with a time in the far future',
      { ...running, started_at: '2026-11-23T17:00:01', completed_at: null },
      'started_at',
    ],
    ['with an end in the far future', { completed_at: '2026-11-23T17:00:01' }, 'completed_at'],
    ['with an end before its start', { completed_at: '2026-11-22T16:14:30.056' }, 'completed_at'],
    ['that is running and has an end', { status: 'running' }, 'completed_at'],
    ['that completed and has an error', { error: 'No' }, 'error'],
    ['with inputs that are no object', { inputs: [1] }, 'inputs'],
    ['with half a token', { total_tokens: 0.5 }, 'total_tokens'],
    ['with a negative cost', { total_cost_usd: -1 }, 'total_cost_usd'],
    ['with an id that no address can hold', { run_id: 'a/b' }, 'run_id'],
    ['with an id that leads elsewhere', { run_id: '..' }, 'run_id'],
    ['with an id that the database has no room for', { run_id: 'x'.repeat(37) }, 'run_id'],
    ['with a name that cannot be seen', { workflow_name: '\u200b' }, 'workflow_name'],
    ['without a name', { workflow_name: ' ' }, 'workflow_name'],
    ['with a name that is too long', { workflow_name: 'x'.repeat(257) }, 'workflow_name'],
    ['with an agent that no address can hold', { agent_id: 'a/b' }, 'agent_id'],
  ]
  test('for what is wrong with it, by field, and nothing is recorded', async () => {
    const app = await open()
    for (const [, change, field] of cases) expectProblem(await report(app, { ...completed, ...change }), 422, [field])
    expect(await storedRuns(app)).toEqual([])
  })

  test.each<[object, string]>([
    [{ total_tokens: -1 }, 'total_tokens must be at least 0.'],
    [{ total_tokens: 1e12 + 1 }, 'total_tokens must be at most 1,000,000,000,000.'],
    [{ total_tokens: 1e20 }, 'total_tokens must be at most 1,000,000,000,000.'],
    [{ total_tokens: 0.5 }, 'total_tokens must be a whole number.'],
    [{ total_cost_usd: 1e10 }, 'total_cost_usd must be at most 1,000,000,000.'],
    [{ total_cost_usd: '1' }, 'total_cost_usd must be a number.'],
    [{ workflow_name: 'x'.repeat(257) }, 'workflow_name may have at most 256 characters.'],
  ])('with what may stand there instead of %j', async (change, sentence) => {
    expect((await report(await open(), { ...completed, ...change })).json.detail).toBe(sentence)
  })

  test('that has the name of a page', async () => {
    const app = await open()
    const pages = Object.values(routes).flatMap((route) => /^\/runs\/([\w-]+)/.exec(route)?.[1] ?? [])
    expect(pages).toContain('bulk')
    for (const page of pages) expectProblem(await report(app, { ...completed, run_id: page }), 422, ['run_id'])
  })

  test.each<[string, string, number]>([
    ['that is no JSON', '{"run_id": NaN}', 400],
    ['that is empty', ' ', 422],
    ['that is no object', '"nightly-1"', 422],
    ['in an empty list', '[]', 422],
    ['among more than a thousand', JSON.stringify(Array(1001).fill(completed)), 422],
    ['that is too large', JSON.stringify({ ...completed, outputs: 'x'.repeat(8 * 1024 * 1024) }), 413],
  ])('%s', async (_, body, status) => {
    const answer = await report(await open(), body)
    expect(answer).toMatchObject({ status, type: 'application/problem+json' })
    expect(answer.json.detail).toMatch(/^[A-Z].{8,}\.$/s)
  })

  test('as a form', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
    const app = await open()
    const answer = await app.inject({ method: 'POST', url: '/runs', headers, payload: 'run_id=a' })
    expect(answer.statusCode).toBe(415)
  })
})
