import { expect, test } from 'vitest'
import { AgentFailure } from '../../src/agent/http/failure.ts'
import { localActor } from '../../src/shared/actor.ts'
import { agentNamed, createTestExecutions, succeeded } from '../support/runs/executions.ts'
import { connect } from '../support/store/store.ts'

test('records a run, sends it once, and records how it ended', async () => {
  const { accept, runs, sent, clock, errors } = createTestExecutions()
  const start = clock.now()
  const id = await accept('writer', '{"topic": 1.0}')
  expect(sent).toMatchObject([
    { address: 'http://localhost/writer', id, inputs: '{"topic": 1.0}', deadlineMs: 120_000 },
  ])
  expect(runs.get(id)).toMatchObject({
    agent: 'writer',
    agentId: 'writer',
    workflow: 'article_writer',
    agentUrl: 'http://localhost/writer',
    status: 'running',
    inputs: '{"topic": 1.0}',
    startedAt: start,
    sentAt: start,
    attempt: 1,
    completedAt: null,
  })
  await clock.advance(41_500)
  await sent[0]!.answer(succeeded)
  expect(runs.get(id)).toMatchObject({
    status: 'completed',
    outputs: '{"a":1}',
    totalTokens: 7,
    totalCostUsd: 0.5,
    completedAt: start + 41_500,
    durationSeconds: 41.5,
    error: null,
  })
  expect(sent).toHaveLength(1)
  expect(errors).toEqual([])
})

test('is on disk before the agent is called', async () => {
  const { executions, runs, sent } = createTestExecutions()
  const { runId } = await executions.accept({ agent: agentNamed('a'), inputs: '{}' }, localActor)
  expect(sent).toEqual([])
  expect(runs.get(runId)).toMatchObject({ status: 'pending', attempt: 0, sentAt: null })
})

test('records what the agent says of a failure', async () => {
  const { accept, runs, sent } = createTestExecutions()
  const id = await accept()
  await sent[0]!.answer({ kind: 'failed', message: 'The agent says: No budget left', fields: [] })
  expect(runs.get(id)).toMatchObject({
    status: 'failed',
    error: 'The agent says: No budget left',
    outputs: null,
  })
})

test.each([
  [
    new AgentFailure('timeout', 'no answer within 120 s'),
    'The agent gave no answer within 120 s. It may still be working.',
  ],
  [
    new AgentFailure('reset', 'connection closed without a response'),
    'The call to the agent at http://localhost/writer failed: connection closed without a response',
  ],
  [
    new AgentFailure('too-large', 'its answer is larger than 8 MiB'),
    'The call to the agent at http://localhost/writer failed: its answer is larger than 8 MiB',
  ],
])(
  'says in a sentence what became of a call that may have reached the agent, and does not repeat it',
  async (error, sentence) => {
    const { accept, runs, sent, clock } = createTestExecutions()
    const id = await accept()
    await sent[0]!.fail(error)
    expect(runs.get(id)).toMatchObject({ status: 'failed', error: expect.stringContaining(sentence) })
    await clock.advance(3_600_000)
    expect(sent).toHaveLength(1)
  },
)

test('runs beyond the places wait as pending, and are sent in their order', async () => {
  const { accept, runs, sent } = createTestExecutions(undefined, { perAgent: 2, inAll: 3 })
  const ids = [await accept('a'), await accept('a'), await accept('a'), await accept('b'), await accept('b')]
  const statuses = () => ids.map((id) => runs.get(id)!.status)
  expect(statuses()).toEqual(['running', 'running', 'pending', 'running', 'pending'])
  await sent[0]!.answer(succeeded)
  expect(statuses()).toEqual(['completed', 'running', 'running', 'running', 'pending'])
  await sent[1]!.fail(new AgentFailure('reset', 'connection closed without a response'))
  expect(statuses()).toEqual(['completed', 'failed', 'running', 'running', 'running'])
  expect(sent.map(({ id }) => id)).toEqual([ids[0], ids[1], ids[3], ids[2], ids[4]])
})

test('an end is not forgotten while another program holds the database for minutes', async () => {
  const { accept, runs, sent, clock, file } = createTestExecutions()
  const id = await accept()
  const other = connect(file)
  other.exec('BEGIN IMMEDIATE')
  await sent[0]!.answer(succeeded)
  // Each leap is longer than a change waits by itself.
  for (let minute = 0; minute < 3; minute++) await clock.leap(60_000)
  expect(runs.get(id)).toMatchObject({ status: 'running' })
  other.exec('COMMIT')
  await clock.advance(1000)
  expect(runs.get(id)).toMatchObject({ status: 'completed', outputs: '{"a":1}' })
  expect(sent).toHaveLength(1)
})

test('a bug of our own in the middle of a run ends the run and is logged', async () => {
  const { accept, runs, sent, errors } = createTestExecutions()
  const id = await accept()
  await sent[0]!.fail(new TypeError('a bug'))
  expect(runs.get(id)).toMatchObject({ status: 'failed' })
  expect(runs.get(id)!.error).toContain('Unexpected error in the dashboard')
  expect(errors).toMatchObject([{ message: 'a bug' }])
})

test('a good answer to a run or a question for its job is a sign of life; silence, a refusal and a broken server are none', async () => {
  const { accept, sent, polled, clock, alive } = createTestExecutions()
  await accept('completes')
  await sent[0]!.answer(succeeded)
  await accept('goes on')
  await sent[1]!.answer({ kind: 'accepted', jobId: 'job-1' })
  await accept('is silent')
  await sent[2]!.fail(new AgentFailure('timeout', 'no answer within 120 s'))
  await accept('is broken')
  await sent[3]!.answer({ kind: 'failed', message: 'The agent answered 502 with a web page.', fields: [] })
  expect(alive).toEqual(['completes', 'goes on'])
  await clock.advance(1000)
  await polled[0]!.answer({ kind: 'unclear', reason: 'HTTP 502' })
  expect(alive).toHaveLength(2)
  await clock.advance(2000)
  await polled[1]!.answer({ kind: 'working', word: 'running' })
  expect(alive).toEqual(['completes', 'goes on', 'goes on'])
})

test('a run that was cancelled while it waited leaves the queue at once, and nobody waits for it', async () => {
  const { executions, accept, runs, sent } = createTestExecutions(undefined, { perAgent: 1 })
  await accept()
  const [second, third] = [await accept(), await accept()]
  const ended = executions.ended(second, 60_000)
  await executions.cancel(second, localActor)
  await ended
  expect(executions.isActive(second)).toBe(false)
  await sent[0]!.answer(succeeded)
  expect(runs.get(third)!.status).toBe('running')
  expect(sent).toHaveLength(2)
})

test('what waits says which runs hold the slots: those of the agent, or all', async () => {
  const { executions, accept } = createTestExecutions(undefined, { perAgent: 2, inAll: 3 })
  for (const agent of ['a', 'a', 'a', 'b', 'b']) await accept(agent)
  const ofA = [1, 2].map((run) => ({ runId: `run-${run}`, agentId: 'a' }))
  expect(executions.progress('run-3')!.queued).toEqual({ limit: 'agent', slots: 2, heldBy: ofA })
  const all = [...ofA, { runId: 'run-4', agentId: 'b' }]
  expect(executions.progress('run-5')!.queued).toEqual({ limit: 'all', slots: 3, heldBy: all })
  expect(executions.progress('run-1')!.queued).toBeUndefined()
})

test('a queued run is sent to where its agent is by then', async () => {
  const { addresses, accept, runs, sent } = createTestExecutions(undefined, { perAgent: 1 })
  await accept()
  const second = await accept()
  addresses.set('writer', 'http://localhost:9999/moved')
  await sent[0]!.answer(succeeded)
  expect(sent[1]).toMatchObject({ id: second, address: 'http://localhost:9999/moved' })
  expect(runs.get(second)!.agentUrl).toBe('http://localhost:9999/moved')
})

test('the second try of a call goes to where the agent is by then', async () => {
  const { addresses, accept, sent, clock } = createTestExecutions()
  await accept()
  await sent[0]!.fail(new AgentFailure('refused', 'connection refused', true))
  addresses.set('writer', 'http://localhost:9999')
  await clock.advance(1000)
  expect(sent[1]!.address).toBe('http://localhost:9999')
})

test('a run that nobody follows is found and taken up while the program runs', async () => {
  const { executions, runs, sent, polled, clock } = createTestExecutions()
  executions.start()
  const row = { workflowName: 'writer', agentId: 'writer', agentUrl: 'http://localhost/writer', inputs: '{}' }
  const found = { ...row, startedAt: clock.now(), attempt: 1 }
  await runs.insert({ ...found, id: 'queued', status: 'pending', attempt: 0 })
  await runs.insert({ ...found, id: 'job', status: 'running', jobId: 'job-1' })
  await runs.insert({ ...found, id: 'sent', status: 'running' })
  await clock.advance(62_000)
  expect(sent).toMatchObject([{ id: 'queued' }])
  expect(polled).toMatchObject([{ jobId: 'job-1' }])
  expect(runs.get('sent')).toMatchObject({
    status: 'lost',
    error: expect.stringContaining('could not record how this run ended'),
  })
  await clock.advance(120_000)
  expect(sent).toHaveLength(1)
})

test('an agent works on the runs that were sent to it, not on those that wait here', async () => {
  const { executions, accept, sent } = createTestExecutions(undefined, { perAgent: 2 })
  for (let run = 0; run < 3; run++) await accept('writer')
  expect([executions.runsOn('writer'), executions.runsOn('nobody')]).toEqual([2, 0])
  await sent[0]!.answer(succeeded)
  await sent[1]!.answer(succeeded)
  expect(executions.runsOn('writer')).toBe(1)
})
