import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { announce } from '../../support/agents/announced.ts'
import { api, buildTestApp, ended, expectProblem, register, submit, submitPartial } from '../../support/app.ts'
import { filledIn } from '../../support/forms/form.ts'
import { unusedPort } from '../../support/network/raw-server.ts'
import { storedRuns } from '../../support/runs/stored.ts'

const url = '/orchestrator/writer/execute'
const runCalls = (agent: { requests: { url: string; body: string }[] }) =>
  agent.requests.filter((one) => one.url === '/run')

async function withAgent() {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  return { agent, app }
}

test('answers a script at once with the run and where to read it', async () => {
  const { app } = await withAgent()
  const answer = await api(app, 'POST', url, { inputs: { topic: 'SQLite' } })
  expect(answer).toMatchObject({ status: 200, type: 'application/json' })
  const { run_id: runId } = answer.json
  expect(runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
  expect(answer.json).toEqual({ run_id: runId, redirect_url: `/runs/${runId}` })
  expect(await ended(app, runId)).toMatchObject({
    status: 'completed',
    inputs: { topic: 'SQLite' },
    outputs: { result: 'An article' },
  })
})

test('sends a browser without JavaScript to the run, and htmx too', async () => {
  const { app } = await withAgent()
  const fields = filledIn({ topic: 'SQLite' })
  const byBrowser = await submit(app, url, fields)
  expect(byBrowser.status).toBe(303)
  expect(byBrowser.headers.location).toMatch(/^\/runs\/[0-9a-f-]{36}$/)
  const byHtmx = await submitPartial(app, url, fields)
  expect(byHtmx.status).toBe(200)
  expect(byHtmx.headers['hx-redirect']).toMatch(/^\/runs\/[0-9a-f-]{36}$/)
  expect(byHtmx.headers.location).toBeUndefined()
  expect(await storedRuns(app)).toHaveLength(2)
})

test('takes a form from a script, and answers it with JSON', async () => {
  const { app } = await withAgent()
  const response = await app.inject({
    method: 'POST',
    url,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(filledIn({ topic: 'SQLite' })).toString(),
  })
  expect(response.json()).toMatchObject({ redirect_url: expect.stringMatching(/^\/runs\//) })
})

test('takes the media type of JSON in any case', async () => {
  const { app, agent } = await withAgent()
  const headers = { accept: 'application/json', 'content-type': 'Application/JSON; charset=UTF-8' }
  const response = await app.inject({ method: 'POST', url, headers, payload: '{"inputs": {"topic": "a"}}' })
  expect(response.statusCode).toBe(200)
  await ended(app, response.json().run_id)
  expect(runCalls(agent)).toMatchObject([{ body: '{"topic": "a"}' }])
})

test('records the run before the agent hears of it', async () => {
  const { app, agent } = await withAgent()
  const recorded: unknown[] = []
  const { run } = agent.handlers
  agent.handlers.run = async (...call) => {
    recorded.push(...(await storedRuns(app)))
    return run(...call)
  }
  const { json } = await api(app, 'POST', url, { inputs: { topic: 'SQLite' } })
  await ended(app, json.run_id)
  expect(recorded).toMatchObject([
    {
      id: json.run_id,
      agent: 'writer',
      agentId: 'writer',
      workflow: 'article_writer',
      agentUrl: agent.url,
      status: 'running',
      inputs: '{"topic":"SQLite"}',
      startedAt: expect.any(Number),
      completedAt: null,
    },
  ])
})

test('tells the agent which run it is, so that one that can might notice a second copy', async () => {
  const { app, agent } = await withAgent()
  const { json } = await api(app, 'POST', url, { inputs: { topic: 'SQLite' } })
  await ended(app, json.run_id)
  const [call] = agent.requests.filter((one) => one.url === '/run')
  expect(call!.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': json.run_id })
})

test.each<[what: string, body: string, ...fields: string[]]>([
  ['nothing', ''],
  ['no inputs', '{}'],
  ['inputs that stand in the body themselves', '{"topic": "SQLite"}', 'topic', 'inputs'],
  ['inputs that are a list', '{"inputs": []}'],
  ['inputs that are a text', '{"inputs": "topic"}'],
  ['inputs that are null', '{"inputs": null}'],
  ['a list', '[{"inputs": {}}]', ''],
  ['a number', '1', ''],
])('answers 422 to a body with %s, records nothing and sends nothing', async (_, body, ...fields) => {
  const { app, agent } = await withAgent()
  expectProblem(await api(app, 'POST', url, body), 422, fields.length === 0 ? ['inputs'] : fields)
  expect(await storedRuns(app)).toEqual([])
  expect(runCalls(agent)).toEqual([])
})

test('names every input that the agent is sure to refuse, records nothing and sends nothing', async () => {
  const { app, agent } = await withAgent()
  const answer = await api(app, 'POST', url, { inputs: { length: 'long', tags: {}, result: null } })
  expectProblem(answer, 422, ['topic', 'length', 'tags', 'result'])
  expect(answer.json.errors).toContainEqual({ field: 'topic', message: 'topic is required.' })
  expect(await storedRuns(app)).toEqual([])
  expect(runCalls(agent)).toEqual([])
})

test('answers 404 for an agent that is not registered', async () => {
  const app = await buildTestApp()
  const path = '/orchestrator/nobody/execute'
  expectProblem(await api(app, 'POST', path, { inputs: {} }), 404)
  expect((await submit(app, path)).status).toBe(404)
  expect((await submitPartial(app, path)).html.querySelector('.toast')!.text).toBe('There is no agent "nobody".')
  expect(await storedRuns(app)).toEqual([])
})

test('an agent that has never given a schema is sent what a script gives, and the run says how that ended', async () => {
  const agent = await startAgent({ schema: (_, response) => response.writeHead(404).end() })
  const app = await buildTestApp()
  await register(app, agent.url)
  const { json } = await api(app, 'POST', url, { inputs: { anything: [1] } })
  expect(await ended(app, json.run_id)).toMatchObject({ status: 'completed', workflow: 'writer' })
  expect(runCalls(agent)).toMatchObject([{ body: '{"anything":[1]}' }])
})

test('a form for an agent that has never given a schema is refused with the reason', async () => {
  const { app } = await withAgent()
  const port = await unusedPort()
  await announce(app, { host: '127.0.0.1', port })
  const answer = await submitPartial(app, url, filledIn({ topic: 'a' }))
  expect(answer.status).toBe(503)
  expect(answer.html.querySelector('.toast')!.text).toBe(
    `Cannot read the schema of the agent at http://127.0.0.1:${port}: connection refused.`,
  )
  expect(await storedRuns(app)).toEqual([])
})

test('asks for the schema again before it refuses: the agent may have been changed', async () => {
  const { app, agent } = await withAgent()
  await api(app, 'GET', '/orchestrator/writer/schema')
  agent.handlers.schema = (_, response) => response.end('{"workflow": "new", "inputs": {"subject": {"type": "str"}}}')
  const { json } = await api(app, 'POST', url, { inputs: { subject: 'SQLite' } })
  expect(await ended(app, json.run_id)).toMatchObject({ status: 'completed', workflow: 'new' })
})

test('many runs at once each reach the agent once, no more at a time than its places', async () => {
  const agent = await startAgent()
  const app = await buildTestApp({ runsPerAgent: 3 })
  await register(app, agent.url)
  const { run } = agent.handlers
  const waiting: Parameters<typeof run>[] = []
  const seen: number[] = []
  const answerAll = () => {
    seen.push(waiting.length)
    for (const call of waiting.splice(0)) run(...call)
  }
  agent.handlers.run = (...call) => {
    waiting.push(call)
    // A moment later, so that one too many would be there.
    if (waiting.length === 3) setTimeout(answerAll, 20)
  }
  const topics = Array.from({ length: 12 }, (_, index) => `topic ${index}`)
  const answers = await Promise.all(topics.map((topic) => api(app, 'POST', url, { inputs: { topic } })))
  for (const { json } of answers) expect(await ended(app, json.run_id)).toMatchObject({ status: 'completed' })
  expect(
    runCalls(agent)
      .map(({ body }) => JSON.parse(body).topic)
      .sort(),
  ).toEqual([...topics].sort())
  expect(seen).toEqual([3, 3, 3, 3])
})
