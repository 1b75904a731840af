import { expect, test } from 'vitest'
import { json, silence, startAgent, text } from '../support/agents/agent.ts'
import { api, buildTestApp, expectProblem, page, partial, register } from '../support/app.ts'

const url = '/orchestrator/writer/schema'

test('gives the schema on, byte for byte', async () => {
  const odd =
    '{ "workflow" : "w",\n\t"inputs": {"n": {"type":"int","default": 12345678901234567890}}, "x": 1.0, "é": "\\u00e9", "y": NaN }'
  const agent = await startAgent({ schema: text(odd, 200, 'application/json') })
  const app = await buildTestApp()
  await register(app, agent.url)
  const response = await app.inject({ url, headers: { accept: 'application/json' } })
  expect(response.statusCode).toBe(200)
  expect(response.payload).toBe(odd)
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
})

test('asks the agent every time', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  await api(app, 'GET', url)
  agent.handlers.schema = json({ workflow: 'changed', inputs: {} })
  expect((await api(app, 'GET', url)).json.workflow).toBe('changed')
})

test('answers 404 for an agent that is not registered', async () => {
  const app = await buildTestApp()
  const answer = await api(app, 'GET', '/orchestrator/nobody/schema')
  expectProblem(answer, 404)
  expect(answer.json.detail).toBe('There is no agent "nobody".')
  expect((await page(app, '/orchestrator/nobody/schema')).html.querySelector('.failure')!.text).toContain('HTTP 404')
  expect((await partial(app, '/orchestrator/nobody/schema')).html.querySelector('.toast')!.text).toBe(
    'There is no agent "nobody".',
  )
})

test('answers 503 when the agent is gone, though it was seen before', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  await api(app, 'GET', url)
  await agent.close()
  const answer = await api(app, 'GET', url)
  expectProblem(answer, 503)
  expect(answer.json.detail).toBe(`Cannot read the schema of the agent at ${agent.url}: connection refused.`)
})

test.each([
  ['answers 500', json({ detail: 'oops' }, 500), 'HTTP 500 when asked for its schema'],
  ['answers with a web page', text('<!doctype html><p>Hi', 200, 'text/html'), 'its schema is not valid JSON'],
  ['answers with half of its JSON', text('{"inputs": {"a"', 200, 'application/json'), 'its schema is not valid JSON'],
  ['answers with a list', json([]), 'its schema is not a JSON object'],
  ['names no inputs', json({ workflow: 'w' }), 'its schema names no inputs'],
  ['names inputs as a list', json({ inputs: ['topic'] }), 'its schema names no inputs'],
  [
    'says more than a MiB',
    text(`{"inputs": {}, "x": "${'x'.repeat(1024 * 1024)}"}`),
    'its answer is larger than 1 MiB',
  ],
  ['redirects', text('', 301, 'text/plain', { location: 'http://localhost/' }), 'which is not followed'],
])('answers 503 when the agent %s', async (_, schema, reason) => {
  const agent = await startAgent({ schema })
  const app = await buildTestApp()
  await register(app, agent.url)
  const answer = await api(app, 'GET', url)
  expectProblem(answer, 503)
  expect(answer.json.detail).toContain(reason)
})

test('a schema that never comes does not keep the agent from being registered', async () => {
  const agent = await startAgent({ schema: silence })
  const app = await buildTestApp()
  await register(app, agent.url)
})
