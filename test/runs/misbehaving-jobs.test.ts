import { expect, test } from 'vitest'
import { type AgentHandler, json, text } from '../support/agents/agent.ts'
import { ended, execute, page } from '../support/app.ts'
import { accepted, askedAgain, endedInTime, expectTold, withAgent, withJob } from '../support/runs/executed.ts'

const completed = json({ status: 'completed', outputs: { result: 'Long' } })

/** Answers in turn; the last answer again and again. */
function inTurn(...answers: AgentHandler[]): AgentHandler {
  return (request, response, body) => (answers.length > 1 ? answers.shift()! : answers[0]!)(request, response, body)
}

test('a job that the agent has not known for a minute is lost', async () => {
  const { app, clock, runId, polls } = await withJob({ status: json({ detail: 'Job not found' }, 404) })
  expect((await endedInTime(app, clock, runId)).duration_seconds).toBeGreaterThanOrEqual(60)
  await expectTold(
    app,
    runId,
    'Lost',
    /^The agent accepted the run, but no longer knows its job\. .* the result is lost\.$/,
  )
  expect(polls().length).toBeGreaterThan(30)
})

test('a 404 now and then is forgiven', async () => {
  const unknown = json({ detail: 'Job not found' }, 404)
  const running = json({ status: 'running' })
  const status = inTurn(unknown, unknown, running, unknown, unknown, json({}, 502), unknown, unknown, completed)
  const { app, clock, runId, polls } = await withJob({ status })
  expect((await endedInTime(app, clock, runId)).status).toBe('completed')
  expect(polls()).toHaveLength(9)
})

test('a job that runs for ever is given up after the limit, with a sentence', async () => {
  const { app, clock, runId } = await withJob({}, { jobTimeoutSeconds: 60 })
  await endedInTime(app, clock, runId)
  const sentence = 'The agent was still working after 60 s, and is no longer asked. It may still finish.'
  await expectTold(app, runId, 'Lost', sentence)
})

test('an agent that dies after it took a run is not said to be working', async () => {
  const { agent, app, clock, runId } = await withJob({}, { jobTimeoutSeconds: 60 })
  await agent.close()
  await endedInTime(app, clock, runId)
  await expectTold(
    app,
    runId,
    'Lost',
    /\(connection refused\), and after 60 s it is no longer tried\. It may have finished\.$/,
  )
})

test('a job that goes back from completed to running has ended', async () => {
  const status = inTurn(json({ status: 'running' }), completed, json({ status: 'running' }))
  const { app, clock, runId, polls } = await withJob({ status })
  expect(await endedInTime(app, clock, runId)).toMatchObject({ status: 'completed', outputs: { result: 'Long' } })
  await clock.advance(60_000)
  expect(polls()).toHaveLength(2)
  expect((await page(app, `/runs/${runId}`)).html.querySelector('#run-status')!.text.trim()).toBe('Completed')
})

test.each([
  ['a path', '"../../x"', '/status/..%2F..%2Fx'],
  ['a query', '"a?b#c"', '/status/a%3Fb%23c'],
  ['a number of more digits than JavaScript keeps', '12345678901234567890', '/status/12345678901234567890'],
  ['text of another script', '"задача 1"', `/status/${encodeURIComponent('задача 1')}`],
])('a job id that is %s is asked for as it is, and nothing else', async (_, jobId, path) => {
  const run = text(`{"status":"async","job_id":${jobId}}`, 200, 'application/json')
  const { agent, app, clock, polls, posts } = await withAgent({ run, status: completed })
  const runId = await execute(app, 'writer')
  expect((await endedInTime(app, clock, runId)).status).toBe('completed')
  expect(polls().map(({ url }) => url)).toEqual([path])
  expect(agent.requests.filter(({ method }) => method !== 'GET')).toEqual(posts())
})

test('a result that is larger than what is read ends the run as failed, and is fetched once', async () => {
  const blank = Buffer.alloc(9 * 1024 * 1024, ' ')
  const { app, clock, runId, polls } = await withJob({ status: (_request, response) => response.end(blank) })
  await endedInTime(app, clock, runId)
  const sentence = 'The result cannot be read: its answer is larger than 8 MiB. The agent may have finished.'
  await expectTold(app, runId, 'Failed', sentence)
  await clock.advance(60_000)
  expect(polls()).toHaveLength(1)
})

test('one of several worker processes knows the job: it is asked every second until that one answers', async () => {
  let asked = 0
  const status: AgentHandler = (...call) => {
    asked++
    const isItsTurn = asked % 4 === 0
    const answer = asked >= 20 ? completed : json({ status: 'running' })
    return (isItsTurn ? answer : json({ detail: 'Job not found' }, 404))(...call)
  }
  const { app, clock, runId, polls } = await withJob({ status })
  const run = await endedInTime(app, clock, runId)
  expect(run).toMatchObject({ status: 'completed' })
  expect(polls()).toHaveLength(20)
})

test.each<[string, AgentHandler, RegExp]>([
  ['a proxy that answers 404', text('<h1>404 Not Found</h1>', 404, 'text/html'), /HTTP 404 Not Found\. The agent/],
  ['a login', json({ detail: 'Not authenticated' }, 401), /it needs a credential \(HTTP 401 Unauthorized\)/],
  ['a wall', json({ detail: 'Forbidden' }, 403), /it needs a credential \(HTTP 403 Forbidden\)/],
])('%s before the agent loses the run only after ten minutes', async (_, status, sentence) => {
  const { app, clock, runId } = await withJob({ status })
  await askedAgain({ app, clock, runId })
  await clock.advance(9 * 60_000)
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelector('#run-status')!.text.trim()).toBe('Running in the background')
  await endedInTime(app, clock, runId)
  await expectTold(app, runId, 'Lost', sentence)
})

test('the page says at once that a credential is needed', async () => {
  const { app, clock, runId } = await withJob({ status: json({ detail: 'Not authenticated' }, 401) })
  await askedAgain({ app, clock, runId })
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelector('.timeline .working .reason')!.text).toBe(
    'checked 1 time · last check failed: needs a credential (HTTP 401 Unauthorized); retrying',
  )
})

test('a job that the agent has deleted is lost at once', async () => {
  const { app, clock, runId, polls } = await withJob({ status: json({ detail: 'Gone' }, 410) })
  await endedInTime(app, clock, runId)
  await expectTold(app, runId, 'Lost', 'The agent accepted the run, but has deleted its job: HTTP 410 Gone.')
  expect(polls()).toHaveLength(1)
})

test.each<[string, AgentHandler]>([
  ['drops the connection', (request) => request.socket.destroy()],
  ['answers with a web page', text('<html>', 200, 'text/html')],
  ['answers 500', json({ detail: 'boom' }, 500)],
  ['cuts its answer', text('{"status":"comple', 200, 'application/json')],
  ['answers without a status', json({ outputs: { result: 'x' } })],
  ['answers with a status that is no word', json({ status: 7 })],
])('an agent that %s when asked for a job is asked again', async (_, trouble) => {
  const { agent, app, clock, runId } = await withJob({ status: trouble })
  await askedAgain({ app, clock, runId })
  await askedAgain({ app, clock, runId })
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelector('#run-status')!.text.trim()).toBe('Running in the background')
  expect(html.querySelector('.timeline .working .reason')!.text).toMatch(/last check failed: .{10,}; retrying$/)
  agent.handlers.status = completed
  expect((await endedInTime(app, clock, runId)).status).toBe('completed')
})

test('a job that failed says why, and one that says nothing says that', async () => {
  const said = await withJob({ status: json({ status: 'failed', error: 'Out of tokens' }) })
  await endedInTime(said.app, said.clock, said.runId)
  await expectTold(said.app, said.runId, 'Failed', 'The agent says: Out of tokens')
  const silent = await withJob({ status: json({ status: 'failed', error: null }) })
  await endedInTime(silent.app, silent.clock, silent.runId)
  await expectTold(silent.app, silent.runId, 'Failed', 'The agent reported failure without a reason.')
})

test('an answer with outputs and a job id is complete', async () => {
  const run = json({ status: 'success', job_id: 'job-1', outputs: { result: 'x' } })
  const { app, polls } = await withAgent({ run })
  expect((await ended(app, await execute(app, 'writer'))).status).toBe('completed')
  expect(polls()).toEqual([])
})

test('an agent that takes every run to the background is sent each of them once', async () => {
  const { app, clock, posts } = await withAgent({ run: accepted(), status: completed })
  const ids = await Promise.all([1, 2, 3].map((n) => execute(app, 'writer', { topic: `${n}` })))
  for (const id of ids) await endedInTime(app, clock, id)
  expect(
    posts()
      .map(({ headers }) => headers['idempotency-key'])
      .sort(),
  ).toEqual([...ids].sort())
})
