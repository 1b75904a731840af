import { expect, test } from 'vitest'
import { AgentFailure } from '../../src/agent/http/failure.ts'
import { createDoctor } from '../../src/orchestrator/doctor/doctor.ts'
import {
  announced,
  createWorld,
  diagnose,
  expectSound,
  healthy,
  lineOf,
  url,
  verdictsOf,
} from '../support/agents/doctor.ts'
import { reply } from '../support/agents/reply.ts'

test('a good agent passes line by line, in order, and is never asked to run', async () => {
  const { doctor, asked } = createWorld()
  const diagnosis = await doctor.diagnose(` ${url}/ `)
  expectSound(diagnosis)
  expect(diagnosis).toMatchObject({ url, isOk: true, canBeSavedAnyway: false, suggestedUrl: undefined })
  expect(diagnosis.lines.map(({ message }) => message)).toEqual([
    'The base URL is http://localhost:8001.',
    'localhost is 127.0.0.1, ::1.',
    'Port 8001 is open.',
    'HTTP OK.',
    '/health OK.',
    '"article_writer" takes 2 inputs, 1 of them required: topic, length. Each type is understood.',
    '/openapi.json lists POST /run.',
    'Not a dashboard.',
  ])
  expect(asked).toEqual([`${url}/health`, `${url}/schema`, `${url}/openapi.json`])
})

test('an agent without /health is well when /health/live says so', async () => {
  const diagnosis = await diagnose({ at: { [`${url}/health/live`]: healthy } })
  expectSound(diagnosis)
  expect(lineOf(diagnosis, 'health')).toMatchObject({
    verdict: 'pass',
    message: '/health/live OK.',
  })
})

test('a degraded agent is a warning', async () => {
  const diagnosis = await diagnose({ at: { [`${url}/health`]: reply({ status: 'starting' }) } })
  expectSound(diagnosis)
  expect(diagnosis.isOk).toBe(true)
  expect(lineOf(diagnosis, 'health')).toMatchObject({ verdict: 'warn', message: 'GET /health: reports "starting".' })
})

test('an agent slower than the health checks will be is a warning', async () => {
  const diagnosis = await diagnose({ tookMs: 4200 })
  expectSound(diagnosis)
  expect(lineOf(diagnosis, 'health')).toMatchObject({
    verdict: 'warn',
    message: 'GET /health took 4.2 s to answer.',
    next: 'Health checks wait 3 s and then take it for down: give it a longer timeout.',
  })
})

test('all waiting together takes no longer than 10 s', async () => {
  const { doctor, deadlines } = createWorld({ tookMs: 4000, at: {} })
  await doctor.diagnose(`${url}/a/docs`)
  expect(deadlines.length).toBeGreaterThan(4)
  let spent = 0
  for (const deadline of deadlines.slice(2)) {
    expect(deadline).toBeGreaterThan(0)
    expect(deadline).toBeLessThanOrEqual(Math.max(1, 10_000 - spent))
    spent += 4000
  }
})

test('inputs whose types are not understood are named', async () => {
  const inputs = {
    topic: { type: 'str', required: true },
    filter: { type: 'Filter[str]', required: true },
    place: { type: 'object', properties: { where: { type: 'Point' } } },
  }
  const diagnosis = await diagnose({ schema: { workflow: 'w', inputs } })
  expectSound(diagnosis)
  expect(lineOf(diagnosis, 'schema')).toEqual({
    check: 'schema',
    verdict: 'warn',
    message: '"w" takes 3 inputs, 3 of them required. Not understood: filter (Filter[str]), place.where (Point).',
    next: 'The form asks what kind of value it is: text, number, list or object.',
  })
})

test('inputs of any kind are no warning', async () => {
  const inputs = { options: { type: 'dict' }, rows: { type: 'list[dict]' }, any: { type: 'Any' } }
  const diagnosis = await diagnose({ schema: { inputs } })
  expectSound(diagnosis)
  expect(lineOf(diagnosis, 'schema')).toMatchObject({
    verdict: 'pass',
    message: expect.stringContaining('options, rows, any. Each type is understood.'),
  })
})

test('a hostile schema is cut and made harmless', async () => {
  const name = `\u202e<img src=x>\n\u0000${'x'.repeat(1000)}`
  const inputs = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${name}${index}`, { type: name }]))
  const diagnosis = await diagnose({ schema: { workflow: name, inputs }, openApi: undefined })
  expectSound(diagnosis)
  expect(lineOf(diagnosis, 'schema').message).toContain('and 295 more')
  expect(diagnosis.suggestion!.agentId).toMatch(/^img-src-x-x{1,60}$/)
  expect(diagnosis.suggestion!.agentName.length).toBeLessThanOrEqual(60)
})

test('an agent without a schema fails, is named by its OpenAPI title, and needs no anyway', async () => {
  const schema = new AgentFailure('protocol', 'HTTP 404 when asked for its schema')
  const diagnosis = await diagnose({ schema })
  expectSound(diagnosis)
  expect(lineOf(diagnosis, 'schema')).toMatchObject({
    verdict: 'fail',
    message: 'GET /schema: HTTP 404 when asked for its schema.',
  })
  expect(diagnosis).toMatchObject({
    canBeSavedAnyway: false,
    suggestion: { agentId: 'article-writer', agentName: 'Article Writer' },
  })
})

test('/run is neutral where nothing announces it, and fails where it is left out', async () => {
  const without = await diagnose({ openApi: undefined })
  expectSound(without)
  expect(verdictsOf(without)).toBe('pass pass pass pass pass pass neutral pass')
  expect(lineOf(without, 'run')).toMatchObject({ message: 'POST /run: not called.', next: undefined })
  const other = await diagnose({ openApi: { ...announced, listsRun: false } })
  expectSound(other)
  expect(verdictsOf(other)).toBe('pass pass pass pass pass pass fail skipped')
})

test('a dashboard is told from an agent, and cannot be saved anyway', async () => {
  const { doctor, asked } = createWorld({ at: { [`${url}/health`]: new AgentFailure('self', 'a dashboard') } })
  const diagnosis = await doctor.diagnose(url)
  expect(verdictsOf(diagnosis)).toBe('pass pass pass pass skipped skipped skipped fail')
  expect(diagnosis).toMatchObject({ isOk: false, canBeSavedAnyway: false, suggestion: undefined })
  expect(asked).toEqual([`${url}/health`])
})

test('a bug of our own is not blamed on the agent', async () => {
  const broken = createDoctor({
    protocols: {
      plain: { endpoints: { atEnd: /$^/ }, checkHealth: () => Promise.reject(new TypeError('ours')) },
    } as never,
    probe: { lookUp: async () => ['127.0.0.1'], openPort: async () => undefined, speaksTls: async () => false },
    agents: () => [],
    answerMs: 1,
    healthCheckMs: 1,
    elapsed: () => 0,
  })
  await expect(broken.diagnose(url)).rejects.toThrow('ours')
})
