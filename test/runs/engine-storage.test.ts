import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { StoreUncertainError } from '../../src/shared/errors.ts'
import type { RunStore } from '../../src/store/ports/runs.ts'
import { settle } from '../support/clock.ts'
import { createTestExecutions, succeeded } from '../support/runs/executions.ts'
import { fillDisk } from '../support/store/faults.ts'

const outputsOf = (characters: number) => JSON.stringify({ text: 'x'.repeat(characters) })
const answerOf = (characters: number) => ({
  kind: 'completed' as const,
  outputs: outputsOf(characters),
  totalTokens: 7,
  totalCostUsd: null,
})

test('an answer that arrives while the disk is full is written when there is room', async () => {
  const { store, accept, executions, runs, sent, clock, errors } = createTestExecutions()
  const ids = [await accept(), await accept()]
  const makeRoom = fillDisk(store)
  await clock.advance(3000)
  await sent[0]!.answer(answerOf(100_000))
  await sent[1]!.answer({ kind: 'failed', message: `The agent says: ${'No. '.repeat(400)}`, fields: [] })
  await clock.advance(3_600_000)
  expect(ids.map((id) => runs.get(id)!.status)).toContain('running')
  expect(executions.progress(ids[0]!)).toMatchObject({ held: 'answer' })

  makeRoom()
  await clock.advance(10_000)
  expect(runs.get(ids[0]!)).toMatchObject({
    status: 'completed',
    outputs: outputsOf(100_000),
    totalTokens: 7,
    durationSeconds: 3,
    completedAt: runs.get(ids[0]!)!.startedAt + 3000,
  })
  expect(runs.get(ids[1]!)).toMatchObject({ status: 'failed', durationSeconds: 3 })
  expect(runs.exchanges(ids[0]!)).toHaveLength(0)
  expect([errors, sent.length, executions.isActive(ids[0]!)]).toEqual([[], 2, false])
})

test('a large answer that does not fit keeps no small one from being written', async () => {
  const { store, accept, runs, sent, clock } = createTestExecutions()
  const [large, small] = [await accept(), await accept()]
  const makeRoom = fillDisk(store)
  await sent[0]!.answer(answerOf(500_000))
  await sent[1]!.answer(answerOf(20_000))
  await clock.advance(10_000)
  const pages = Number(store.db.$client.pragma('page_count', { simple: true }))
  store.db.$client.pragma(`max_page_count = ${pages + 40}`)
  await clock.advance(10_000)
  expect([runs.get(large)!.status, runs.get(small)!.status]).toEqual(['running', 'completed'])
  makeRoom()
  await clock.advance(10_000)
  expect(runs.get(large)!.outputs).toBe(outputsOf(500_000))
})

test('while an answer cannot be written, no queued run is sent', async () => {
  const { store, accept, runs, sent, clock } = createTestExecutions(undefined, { perAgent: 1 })
  const [first, second, third] = [await accept('a'), await accept('a'), await accept('b')]
  const makeRoom = fillDisk(store)
  await sent[0]!.answer(answerOf(100_000))
  const fourth = await accept('c').catch(() => undefined)
  await clock.advance(600_000)
  expect(sent.map(({ id }) => id)).toEqual([first, third])
  makeRoom()
  await clock.advance(10_000)
  expect(runs.get(first)!.status).toBe('completed')
  const others = [second, fourth].filter((id) => id !== undefined)
  expect(
    sent
      .map(({ id }) => id)
      .slice(2)
      .sort(),
  ).toEqual(others)
})

test('while the disk is known to be full, not even a run is sent whose row has room', async () => {
  const { store, executions, runs, sent, clock } = createTestExecutions()
  const row = { workflowName: 'writer', agentId: 'writer', agentUrl: 'http://localhost/writer', inputs: '{}' }
  await runs.insert({ ...row, id: 'queued', status: 'pending', attempt: 0, startedAt: clock.now() })
  const makeRoom = fillDisk(store)
  const large = { ...row, id: 'large', status: 'completed', inputs: 'x'.repeat(100_000), startedAt: 0 }
  await expect(runs.insert(large)).rejects.toMatchObject({ status: 507 })
  executions.resume()
  await settle()
  expect([sent, executions.progress('queued')!.held]).toEqual([[], 'send'])
  makeRoom()
  await clock.advance(10_000)
  expect(sent).toMatchObject([{ id: 'queued' }])
})

test('a run whose answer is held cannot be cancelled, and says why', async () => {
  const { store, accept, executions, runs, sent, clock } = createTestExecutions()
  const id = await accept()
  const makeRoom = fillDisk(store)
  await sent[0]!.answer(answerOf(100_000))
  await expect(executions.cancel(id, localActor)).rejects.toThrow('The agent has already answered.')
  makeRoom()
  await clock.advance(10_000)
  expect(runs.get(id)!.status).toBe('completed')
})

test('a run that waits to be sent until something can be written can be cancelled before', async () => {
  const { store, accept, executions, runs, sent, clock } = createTestExecutions(undefined, { perAgent: 1 })
  const [first, second] = [await accept('a'), await accept('b')]
  const third = await accept('b')
  const makeRoom = fillDisk(store)
  await sent[0]!.answer(answerOf(100_000))
  // Too small to need another page.
  await sent[1]!.answer({ kind: 'completed', outputs: null, totalTokens: null, totalCostUsd: null })
  await clock.advance(5000)
  expect(executions.progress(third)).toMatchObject({ held: 'send' })
  await executions.cancel(third, localActor).catch(() => undefined)
  makeRoom()
  await clock.advance(10_000)
  expect([first, second].map((id) => runs.get(id)!.status)).toEqual(['completed', 'completed'])
  if (runs.get(third)!.status === 'cancelled') expect(sent).toHaveLength(2)
})

test('beyond what memory is for, an answer is dropped, and the run says so', async () => {
  const { store, accept, runs, sent, clock } = createTestExecutions(undefined, {}, { maxHeldCharacters: 250_000 })
  const ids = [await accept(), await accept(), await accept()]
  const makeRoom = fillDisk(store)
  for (const call of sent) await call.answer(answerOf(110_000))
  makeRoom()
  await clock.advance(10_000)
  expect(ids.map((id) => runs.get(id)!.status)).toEqual(['completed', 'completed', 'lost'])
  expect(runs.get(ids[2]!)).toMatchObject({
    outputs: null,
    error:
      'The agent finished, but its answer (0.1 MB) was dropped: the database could not be written, and too many other answers were waiting for that.',
  })
})

test('but the answer of a job is asked for again, when there is room', async () => {
  const { store, accept, executions, runs, sent, polled, clock } = createTestExecutions(
    undefined,
    {},
    { maxHeldCharacters: 150_000 },
  )
  const [first, job] = [await accept(), await accept()]
  await sent[1]!.answer({ kind: 'accepted', jobId: 'job-1' })
  const makeRoom = fillDisk(store)
  await sent[0]!.answer(answerOf(100_000))
  await clock.advance(1000)
  await polled[0]!.answer(answerOf(100_000))
  await clock.advance(600_000)
  expect(polled).toHaveLength(1)
  expect(executions.progress(job)!.problem).toContain('the database cannot be written')
  makeRoom()
  await clock.advance(10_000)
  expect(runs.get(first)!.status).toBe('completed')
  await polled[1]!.answer(answerOf(100_000))
  expect(runs.get(job)).toMatchObject({ status: 'completed', outputs: outputsOf(100_000) })
})

test('an answer that is still held when the program has to stop is lost: the log says so, and the run if it can', async () => {
  const { store, accept, executions, runs, sent, clock, errors } = createTestExecutions()
  const id = await accept()
  const makeRoom = fillDisk(store)
  await sent[0]!.answer(answerOf(100_000))
  const closed = executions.close()
  await clock.advance(10_000)
  await closed
  expect(errors[0]).toMatchObject({
    message: 'The agent answered, but the answer could not be saved before the dashboard stopped.',
  })
  makeRoom()
  expect(['running', 'lost']).toContain(runs.get(id)!.status)
})

test.each([
  ['was', true],
  ['was not', false],
])('a change of which nobody knows whether it was written, and it %s, is made once', async (_, isWritten) => {
  let uncertain = 0
  const changing = (change: RunStore['change']): RunStore['change'] => {
    const tried = new Map<string, number>()
    return async (id, decide, ...more) => {
      const tries = tried.get(id) ?? 0
      tried.set(id, tries + 1)
      // The first and the third: what was sent, and what the agent answered.
      if (tries % 2 === 1) return change(id, decide, ...more)
      uncertain++
      if (isWritten) await change(id, decide, ...more)
      throw new StoreUncertainError()
    }
  }
  const { accept, runs, sent, polled, clock, errors } = createTestExecutions(undefined, {}, { changing })
  const id = await accept()
  await clock.advance(2000)
  expect(sent.map((one) => one.id)).toEqual([id])
  await sent[0]!.answer({ kind: 'accepted', jobId: 'a job' })
  await clock.advance(5000)
  expect(runs.get(id)).toMatchObject({ status: 'running', attempt: 1, jobId: 'a job' })
  await polled[0]!.answer(succeeded)
  await clock.advance(5000)
  expect(runs.get(id)).toMatchObject({ status: 'completed', attempt: 1 })
  expect([uncertain, sent.length, errors]).toEqual([3, 1, []])
})
