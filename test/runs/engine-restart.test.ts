import { expect, test } from 'vitest'
import { settle } from '../support/clock.ts'
import { createTestExecutions, succeeded } from '../support/runs/executions.ts'
import type { NewRunRow } from '../support/store/run-table.ts'
import { temporaryFile } from '../support/temporary.ts'

const stopped =
  'The dashboard stopped while the agent was working, and did not hear how it ended. The agent may have finished.'

const found = (id: string, changes: Partial<NewRunRow>): NewRunRow => ({
  id,
  workflowName: 'writer',
  agentId: 'writer',
  agentUrl: 'http://localhost/writer',
  status: 'running',
  inputs: `{"id":"${id}"}`,
  startedAt: Date.UTC(2026, 10, 22, 16),
  attempt: 1,
  sentAt: Date.UTC(2026, 10, 22, 16),
  ...changes,
})

/** The engine on a database in which it finds these runs when it starts. */
async function startWith(rows: NewRunRow[], limits = {}) {
  const engine = createTestExecutions(undefined, limits)
  for (const row of rows) await engine.runs.insert(row)
  engine.executions.resume()
  await settle()
  return engine
}

test('a run that was sent and not heard of is lost, and not sent again', async () => {
  const { runs, sent, polled, clock } = await startWith([found('one', {})])
  expect(runs.get('one')).toMatchObject({ status: 'lost', error: stopped, completedAt: clock.now() })
  await clock.advance(60_000)
  expect([sent, polled]).toEqual([[], []])
})

test('a run with a job goes on being asked for', async () => {
  const { runs, sent, polled, clock } = await startWith([found('one', { jobId: 'job-1' })])
  expect(runs.get('one')!.status).toBe('running')
  await clock.advance(1000)
  await polled[0]!.answer(succeeded)
  expect(runs.get('one')!.status).toBe('completed')
  expect(sent).toEqual([])
})

test('a run that was not sent is sent in its trace, and in none where it was accepted before there were traces', async () => {
  const unsent = { status: 'pending', attempt: 0, sentAt: null }
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const { sent } = await startWith([found('one', { ...unsent, traceId, traceSampled: 0 }), found('two', unsent)])
  expect(sent.map(({ traceparent }) => traceparent)).toEqual([`00-${traceId}-${'ab'.repeat(8)}-00`, undefined])
})

test('a run that was not sent is sent, with the inputs that were recorded', async () => {
  const { runs, sent } = await startWith([found('one', { status: 'pending', attempt: 0, sentAt: null })])
  expect(sent).toMatchObject([{ id: 'one', inputs: '{"id":"one"}', address: 'http://localhost/writer' }])
  await sent[0]!.answer(succeeded)
  expect(runs.get('one')!.status).toBe('completed')
})

test('what waits is sent in the order in which it was accepted', async () => {
  const waiting = ['c', 'a', 'b'].map((id, index) => found(id, { status: 'pending', attempt: 0, startedAt: index }))
  const { sent } = await startWith(waiting, { perAgent: 1 })
  for (const _ of waiting) await sent.at(-1)!.answer(succeeded)
  expect(sent.map(({ id }) => id)).toEqual(['c', 'a', 'b'])
})

test('local runs of the Python program are left alone, and so is what has ended', async () => {
  const rows = [
    found('local', { agentId: null, agentUrl: null, workflowName: 'report' }),
    found('local-pending', { agentId: null, agentUrl: null, workflowName: 'report', status: 'pending' }),
    found('done', { status: 'completed', jobId: 'job-1' }),
    found('lost', { status: 'lost' }),
  ]
  const { runs, sent, polled, clock } = await startWith(rows)
  await clock.advance(60_000)
  for (const row of rows) expect(runs.get(row.id)!.status).toBe(row.status)
  expect([sent, polled]).toEqual([[], []])
})

test('a run is taken up once, also when it was accepted before the start', async () => {
  const engine = createTestExecutions()
  await engine.accept()
  engine.executions.resume()
  await settle()
  expect(engine.sent).toHaveLength(1)
  expect(engine.runs.get('run-1')!.status).toBe('running')
})

test('stopped, it lets what was sent finish, and starts nothing new', async () => {
  const { executions, accept, runs, sent, clock } = createTestExecutions(undefined, { perAgent: 1 })
  const [going, waiting] = [await accept(), await accept()]
  const closed = executions.close()
  await clock.advance(9999)
  await sent[0]!.answer(succeeded)
  await closed
  expect(runs.get(going)!.status).toBe('completed')
  expect(runs.get(waiting)!.status).toBe('pending')
  expect(sent).toHaveLength(1)
  expect(clock.timers()).toBe(0)
})

test('stopped, it gives up after ten seconds on an agent that does not answer, and records that', async () => {
  const { executions, accept, runs, clock } = createTestExecutions()
  const id = await accept()
  const closed = executions.close()
  await clock.advance(9999)
  expect(runs.get(id)!.status).toBe('running')
  await clock.advance(1)
  await closed
  expect(runs.get(id)).toMatchObject({ status: 'lost', error: stopped })
})

test('stopped, it leaves a job to whoever starts next, without waiting', async () => {
  const file = temporaryFile()
  const first = createTestExecutions(file)
  const id = await first.accept()
  await first.sent[0]!.answer({ kind: 'accepted', jobId: 'job-1' })
  await first.executions.close()
  expect(first.runs.get(id)).toMatchObject({ status: 'running', jobId: 'job-1' })
  await first.store.close()

  const second = createTestExecutions(file)
  second.executions.resume()
  await second.clock.advance(1000)
  await second.polled[0]!.answer(succeeded)
  expect(second.runs.get(id)!.status).toBe('completed')
})

test('stopped while the agent is asked for a job, it does not wait for the answer', async () => {
  const { executions, accept, runs, sent, polled, clock } = createTestExecutions()
  const id = await accept()
  await sent[0]!.answer({ kind: 'accepted', jobId: 'job-1' })
  await clock.advance(1000)
  expect(polled).toHaveLength(1)
  const closed = executions.close()
  await clock.advance(10_000)
  await closed
  expect(runs.get(id)).toMatchObject({ status: 'running', jobId: 'job-1' })
})

test('stopped with nothing to do, it ends at once', async () => {
  const { executions, clock } = createTestExecutions()
  await executions.close()
  expect(clock.timers()).toBe(0)
})

test('a run that is accepted at the very moment in which runs are taken up again is sent once', async () => {
  const { executions, store, accept, sent, runs } = createTestExecutions()
  // Older rows have been read in the transaction in which the run is recorded.
  const resumed = store.write(() => undefined).then(executions.resume)
  const [id] = await Promise.all([accept(), resumed])
  expect(sent).toHaveLength(1)
  expect(executions.progress(id)).toBeDefined()
  await sent[0]!.answer(succeeded)
  expect(runs.get(id)!.status).toBe('completed')
  expect(runs.events(id).map(({ kind }) => kind)).toEqual(['accepted', 'sent', 'completed'])
})
