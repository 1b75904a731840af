import { expect, test } from 'vitest'
import { json, startAgent, text } from '../../support/agents/agent.ts'
import { api, buildTestApp, execute, page, partial, register, type TestApp } from '../../support/app.ts'
import { createTestClock, type TestClock } from '../../support/clock.ts'

const accepted = json({ status: 'async', job_id: 'job 1/2', message: 'It goes on in the background' })

async function withJob(config = {}) {
  const agent = await startAgent({ run: accepted, status: json({ job_id: 'job 1/2', status: 'running' }) })
  const clock = createTestClock()
  const app = await buildTestApp(config, { clock, random: () => 0.5 })
  await register(app, agent.url)
  const runId = await execute(app, 'writer')
  await expect.poll(async () => (await api(app, 'GET', `/runs/${runId}`)).json.job_id).toBe('job 1/2')
  return { agent, app, clock, runId, polls: () => agent.requests.filter(({ url }) => url.startsWith('/status/')) }
}

/** Lets time pass until the run has ended. */
async function endedInTime(app: TestApp, clock: TestClock, runId: string) {
  for (;;) {
    const { json: run } = await api(app, 'GET', `/runs/${runId}`)
    if (run.status !== 'running') return run
    await clock.advance(1000)
  }
}

test('a run that the agent takes to the background is followed to its end', async () => {
  const { agent, app, clock, runId, polls } = await withJob()
  expect((await api(app, 'GET', `/runs/${runId}`)).json).toMatchObject({ status: 'running', job_id: 'job 1/2' })
  await clock.advance(1000)
  await expect.poll(() => polls().length).toBe(1)
  expect(polls()[0]!.url).toBe('/status/job%201%2F2')
  agent.handlers.status = json({ job_id: 'job 1/2', status: 'completed', outputs: { result: 'Long' }, error: null })
  const run = await endedInTime(app, clock, runId)
  expect(run).toMatchObject({ status: 'completed', outputs: { result: 'Long' }, error_message: null })
  expect(run.duration_seconds).toBeGreaterThanOrEqual(2.5)
  expect(agent.requests.filter(({ url }) => url === '/run')).toHaveLength(1)
})

test('its page says so, and follows it to the end by polling', async () => {
  const { agent, app, clock, runId } = await withJob()
  const working = await page(app, `/runs/${runId}`)
  expect(working.html.querySelector('#run')!.attributes).toMatchObject({
    'hx-get': `/runs/${runId}`,
    'hx-trigger': 'every 1s, refresh',
  })
  expect(working.html.querySelector('#run-status')!.text.trim()).toBe('Running in the background')
  agent.handlers.status = json({ status: 'completed', outputs: {} })
  await endedInTime(app, clock, runId)
  const { html } = await partial(app, `/runs/${runId}`)
  expect(html.querySelector('#run-status')!.text.trim()).toBe('Completed')
  expect(html.querySelector('#run')!.getAttribute('hx-trigger')).toBe('refresh')
})

test('a job that fails makes the run fail, with what the agent says', async () => {
  const { agent, app, clock, runId } = await withJob()
  agent.handlers.status = json({ status: 'failed', error: 'The model is overloaded' })
  const run = await endedInTime(app, clock, runId)
  expect(run).toMatchObject({ status: 'failed', error_message: 'The agent says: The model is overloaded' })
})

test('an agent that forgets the job loses the run', async () => {
  const { agent, app, clock, runId, polls } = await withJob()
  agent.handlers.status = json({ detail: 'Job not found' }, 404)
  const run = await endedInTime(app, clock, runId)
  expect(run).toMatchObject({ status: 'lost', error_message: expect.stringContaining('no longer knows its job') })
  expect(polls().length).toBeGreaterThan(30)
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelector('#run-status')!.text.trim()).toBe('Lost')
})

test('an agent that cannot be asked for a while is asked again', async () => {
  const { agent, app, clock, runId, polls } = await withJob()
  const troubles = [
    json({}, 502),
    text('<html>', 200, 'text/html'),
    json([]),
    json({ status: 'pending' }),
    json({}, 404),
  ]
  for (const trouble of troubles) {
    const before = polls().length
    agent.handlers.status = trouble
    while (polls().length === before) await clock.advance(1000)
  }
  await agent.close()
  await clock.advance(60_000)
  expect((await api(app, 'GET', `/runs/${runId}`)).json).toMatchObject({ status: 'running' })
  await startAgent({ status: json({ status: 'completed', outputs: { late: true } }) }, agent.port)
  expect(await endedInTime(app, clock, runId)).toMatchObject({ status: 'completed', outputs: { late: true } })
})

test('a job that never ends is given up after its time, and the run says so', async () => {
  const { app, clock, runId } = await withJob({ jobTimeoutSeconds: 90 })
  const run = await endedInTime(app, clock, runId)
  expect(run).toMatchObject({
    status: 'lost',
    error_message: 'The agent was still working after 90 s, and is no longer asked. It may still finish.',
  })
  expect(run.duration_seconds).toBeGreaterThanOrEqual(90)
})

test('a run goes on being followed at the address it was sent to, though the agent is removed', async () => {
  const { agent, app, clock, runId } = await withJob()
  await api(app, 'DELETE', '/orchestrator/writer')
  agent.handlers.status = json({ status: 'completed', outputs: { result: 'Long' } })
  expect(await endedInTime(app, clock, runId)).toMatchObject({ status: 'completed', agent_id: 'writer' })
})
