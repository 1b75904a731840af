import { expect, test } from 'vitest'
import { AgentFailure } from '../../src/agent/http/failure.ts'
import type { JobAnswer } from '../../src/agent/protocol.ts'
import { createTestExecutions, succeeded } from '../support/runs/executions.ts'

const unknownJob: JobAnswer = { kind: 'not-here', reason: 'HTTP 404' }
const working: JobAnswer = { kind: 'working', word: 'running' }

async function withJob(limits = {}) {
  const engine = createTestExecutions(undefined, limits)
  const id = await engine.accept()
  await engine.sent[0]!.answer({ kind: 'accepted', jobId: 'job-1' })
  return { ...engine, id, start: engine.clock.now() }
}

test('keeps the job at once, and asks for it more and more rarely', async () => {
  const { runs, id, polled, clock, start } = await withJob()
  expect(runs.get(id)).toMatchObject({ status: 'running', jobId: 'job-1' })
  const waits: number[] = []
  let last = start
  while (waits.length < 9) {
    const asked = polled.length
    while (polled.length === asked) await clock.advance(1)
    waits.push(clock.now() - last)
    last = clock.now()
    await polled.at(-1)!.answer(working)
  }
  expect(waits.map((ms) => Math.round(ms / 100) / 10)).toEqual([1, 1.5, 2.3, 3.4, 5.1, 7.6, 10, 10, 10])
  expect(polled[0]).toMatchObject({ address: 'http://localhost/writer', jobId: 'job-1' })
})

test('leaves an agent alone for as long as it asks, and then asks as before', async () => {
  const { polled, clock, start } = await withJob()
  const asked = async () => {
    const before = polled.length
    while (polled.length === before) await clock.advance(100)
    return Math.round((clock.now() - start) / 1000)
  }
  expect(await asked()).toBe(1)
  await polled[0]!.answer({ ...working, retryAfterMs: 30_000 })
  expect(await asked()).toBe(31)
  await polled[1]!.answer({ kind: 'unclear', reason: 'HTTP 503', retryAfterMs: 0 })
  expect(await asked()).toBe(33)
})

test.each<[string, JobAnswer, object]>([
  ['completes', succeeded, { status: 'completed', outputs: '{"a":1}', totalTokens: 7, error: null }],
  [
    'fails',
    { kind: 'failed', message: 'The agent says: No' },
    { status: 'failed', outputs: null, error: 'The agent says: No' },
  ],
])('a job that %s ends the run', async (_, answer, row) => {
  const { runs, id, polled, clock } = await withJob()
  await clock.advance(1000)
  await polled[0]!.answer(answer)
  expect(runs.get(id)).toMatchObject({ ...row, durationSeconds: 1 })
  await clock.advance(60_000)
  expect(polled).toHaveLength(1)
  expect(clock.timers()).toBe(0)
})

test('answers that make no sense, and none at all, are no verdict', async () => {
  const { runs, id, polled, clock } = await withJob()
  const troubles = [
    (one: (typeof polled)[number]) => one.fail(new AgentFailure('refused', 'connection refused', true)),
    (one: (typeof polled)[number]) => one.answer({ kind: 'unclear', reason: 'HTTP 502' }),
    (one: (typeof polled)[number]) => one.answer(unknownJob),
    (one: (typeof polled)[number]) => one.fail(new AgentFailure('timeout', 'no answer within 10 s')),
    (one: (typeof polled)[number]) => one.answer(unknownJob),
    (one: (typeof polled)[number]) => one.answer(unknownJob),
  ]
  for (const [index, trouble] of troubles.entries()) {
    await clock.advance(10_000)
    await trouble(polled[index]!)
    expect(runs.get(id)!.status).toBe('running')
  }
  await clock.advance(10_000)
  await polled.at(-1)!.answer(succeeded)
  expect(runs.get(id)!.status).toBe('completed')
})

test('a job that is still going on when its time is up is lost, with the time it had', async () => {
  const { runs, id, polled, clock } = await withJob({ jobTimeoutMs: 5000 })
  for (let index = 0; runs.get(id)!.status === 'running'; index++) {
    await clock.advance(10_000)
    await polled[index]!.answer(working)
  }
  expect(runs.get(id)).toMatchObject({
    status: 'lost',
    error: 'The agent was still working after 5 s, and is no longer asked. It may still finish.',
  })
})

test('a result that comes with the last question still counts', async () => {
  const { runs, id, polled, clock } = await withJob({ jobTimeoutMs: 500 })
  await clock.advance(1000)
  await polled[0]!.answer(succeeded)
  expect(runs.get(id)!.status).toBe('completed')
})

test('a job holds its slot, so that an agent gets no more than it can carry', async () => {
  const { accept, runs, polled, clock, sent } = await withJob({ perAgent: 1 })
  const next = await accept()
  expect(runs.get(next)!.status).toBe('pending')
  await clock.advance(1000)
  await polled[0]!.answer(succeeded)
  expect(runs.get(next)!.status).toBe('running')
  expect(sent).toHaveLength(2)
})

test('a job that did not answer three times in a row frees its slot, and takes it again when it answers', async () => {
  const { accept, executions, runs, id, polled, clock, sent } = await withJob({ perAgent: 1 })
  const next = await accept()
  const silence = new AgentFailure('timeout', 'no answer within 10 s')
  for (const answer of [silence, silence, working, silence, silence]) {
    await clock.advance(10_000)
    await (answer instanceof Error ? polled.at(-1)!.fail(answer) : polled.at(-1)!.answer(answer))
    expect(runs.get(next)!.status).toBe('pending')
  }
  await clock.advance(10_000)
  await polled.at(-1)!.answer({ kind: 'unclear', reason: 'HTTP 502' })
  expect(runs.get(next)!.status).toBe('running')
  const last = await accept()
  await clock.advance(10_000)
  await polled.at(-1)!.answer(working)
  expect(executions.runsOn('writer')).toBe(2)
  await sent[1]!.answer(succeeded)
  expect([runs.get(next)!.status, runs.get(last)!.status]).toEqual(['completed', 'pending'])
  await clock.advance(10_000)
  await polled.at(-1)!.answer(succeeded)
  expect([runs.get(id)!.status, runs.get(last)!.status]).toEqual(['completed', 'running'])
})

test('a job is asked for where its agent is now, and that is kept', async () => {
  const { addresses, runs, id, polled, clock } = await withJob()
  await clock.advance(1000)
  await polled[0]!.fail(new AgentFailure('refused', 'connection refused', true))
  addresses.set('writer', 'http://localhost:9999')
  await clock.advance(1500)
  expect(polled.map(({ address }) => address)).toEqual(['http://localhost/writer', 'http://localhost:9999'])
  await polled[1]!.answer(working)
  expect(runs.get(id)!.agentUrl).toBe('http://localhost:9999')
  addresses.clear()
  await clock.advance(10_000)
  expect(polled[2]!.address).toBe('http://localhost:9999')
  await polled[2]!.answer(succeeded)
  expect(runs.events(id).map(({ kind }) => kind)).toEqual(['accepted', 'sent', 'job', 'moved', 'completed'])
})

test('jobs that are found at a start are all asked for at once, whatever the limits', async () => {
  const { executions, accept, runs, sent, polled, clock } = createTestExecutions(undefined, { perAgent: 1, inAll: 2 })
  const row = { workflowName: 'writer', agentId: 'writer', agentUrl: 'http://localhost/writer', inputs: '{}' }
  for (const job of ['a', 'b', 'c']) {
    await runs.insert({ ...row, id: job, status: 'running', attempt: 1, jobId: job, startedAt: clock.now() })
  }
  executions.resume()
  await accept('another')
  await clock.advance(1000)
  expect(polled.map(({ jobId }) => jobId)).toEqual(['a', 'b', 'c'])
  expect(sent).toEqual([])
  await polled[0]!.answer(succeeded)
  await polled[1]!.answer(succeeded)
  expect(sent).toHaveLength(1)
})
