import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { settle } from '../support/clock.ts'
import { agentNamed, createTestExecutions, succeeded } from '../support/runs/executions.ts'
import { connect } from '../support/store/store.ts'

const dayMs = 86_400_000
const jobTimeoutMs = 60_000

test.each([dayMs, -dayMs, 3_600_000])('a wall clock that is set by %i ms meanwhile lengthens no run', async (ms) => {
  const { accept, runs, sent, clock, executions } = createTestExecutions()
  const id = await accept()
  await clock.advance(1500)
  clock.jump(ms)
  expect(executions.progress(id)!.durationMs).toBe(1500)
  await clock.advance(2500)
  await sent[0]!.answer(succeeded)
  const run = runs.get(id)!
  expect(run).toMatchObject({ status: 'completed', durationSeconds: 4 })
  expect(run.completedAt).toBe(Math.max(run.startedAt, clock.now()))
  expect(runs.events(id).map(({ at }) => at - run.startedAt)).toEqual([0, 0, 4000])
})

test.each([dayMs, -dayMs])('and ends or prolongs no job (%i ms)', async (ms) => {
  const { accept, runs, sent, polled, clock } = createTestExecutions(undefined, { jobTimeoutMs })
  const id = await accept()
  await sent[0]!.answer({ kind: 'accepted', jobId: 'job-1' })
  clock.jump(ms)
  let asked = 0
  while (runs.get(id)!.status === 'running') {
    await clock.advance(1000)
    if (polled.length > asked) await polled[asked++]!.answer({ kind: 'working', word: 'running' })
  }
  expect(runs.get(id)).toMatchObject({ status: 'lost', error: expect.stringContaining('after 60 s') })
  expect(runs.get(id)!.durationSeconds).toBeGreaterThanOrEqual(60)
  expect(runs.get(id)!.durationSeconds).toBeLessThan(75)
})

test('a run that began in the future, by a clock that was ahead, has its whole time from the next start on', async () => {
  const { executions, runs, polled, clock } = createTestExecutions(undefined, { jobTimeoutMs })
  const startedAt = clock.now() + dayMs
  const row = { workflowName: 'writer', agentId: 'writer', agentUrl: 'http://localhost/writer', inputs: '{}' }
  await runs.insert({ ...row, id: 'job', status: 'running', attempt: 1, jobId: 'job-1', startedAt, sentAt: startedAt })
  executions.resume()
  await clock.advance(1000)
  await polled[0]!.answer({ kind: 'working', word: 'running' })
  expect(runs.get('job')!.status).toBe('running')
  await clock.advance(1500)
  await polled[1]!.answer(succeeded)
  expect(runs.get('job')).toMatchObject({ status: 'completed', durationSeconds: 2.5, completedAt: startedAt })
})

test('what passed while the program was down counts by the wall clock', async () => {
  const { executions, runs, polled, clock } = createTestExecutions(undefined, { jobTimeoutMs })
  const startedAt = clock.now() - 61_000
  const row = { workflowName: 'writer', agentId: 'writer', agentUrl: 'http://localhost/writer', inputs: '{}' }
  await runs.insert({ ...row, id: 'job', status: 'running', attempt: 1, jobId: 'job-1', startedAt, sentAt: startedAt })
  executions.resume()
  await clock.advance(1000)
  await polled[0]!.answer({ kind: 'working', word: 'running' })
  expect(runs.get('job')).toMatchObject({ status: 'lost', durationSeconds: 62 })
})

test('to wait for a lock of the database is no part of a run: neither before it begins nor at its end', async () => {
  const { accept, runs, sent, clock, file } = createTestExecutions()
  const other = connect(file)
  other.exec('BEGIN IMMEDIATE')
  const accepted = accept()
  await clock.leap(8000)
  other.exec('COMMIT')
  await clock.advance(25)
  const id = await accepted
  expect(runs.get(id)!.startedAt).toBe(clock.now())

  await clock.advance(4000)
  other.exec('BEGIN IMMEDIATE')
  await sent[0]!.answer(succeeded)
  for (let minute = 0; minute < 3; minute++) await clock.leap(60_000)
  other.exec('COMMIT')
  await clock.advance(25)
  const answeredAt = runs.get(id)!.startedAt + 4000
  expect(runs.get(id)).toMatchObject({ status: 'completed', durationSeconds: 4, completedAt: answeredAt })
})

test('nor before it is sent', async () => {
  const { executions, runs, sent, clock, file } = createTestExecutions()
  const row = { workflowName: 'writer', agentId: 'writer', agentUrl: 'http://localhost/writer', inputs: '{}' }
  await runs.insert({ ...row, id: 'one', status: 'pending', attempt: 0, startedAt: clock.now() })
  await clock.advance(1000)
  const other = connect(file)
  other.exec('BEGIN IMMEDIATE')
  executions.resume()
  await settle()
  for (let time = 0; time < 3; time++) await clock.leap(7000)
  expect(sent).toEqual([])
  other.exec('COMMIT')
  await clock.advance(25)
  await clock.advance(3000)
  await sent[0]!.answer(succeeded)
  expect(runs.get('one')).toMatchObject({ status: 'completed', durationSeconds: 4 })
})

test('a key is as old as the time that has passed', async () => {
  const { executions, clock } = createTestExecutions()
  const accept = () =>
    executions.accept({ agent: agentNamed('writer'), inputs: '{}', key: { scope: 'api', value: 'key' } }, localActor)
  const { runId } = await accept()
  for (const ms of [2 * dayMs, -5 * dayMs]) {
    clock.jump(ms)
    expect(await accept()).toEqual({ runId, isRepeat: true })
  }
  await clock.leap(dayMs + 1)
  expect((await accept()).isRepeat).toBe(false)
})
