import { pino } from 'pino'
import { expect, test } from 'vitest'
import { json } from '../../support/agents/agent.ts'
import { api, execute, expectProblem, page } from '../../support/app.ts'
import { endedInTime, withAgent } from '../../support/runs/executed.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { fillDisk, watchedStore } from '../../support/store/faults.ts'

/** An agent that answers when it is told to, and a disk that can be full. */
async function withLateAnswers() {
  const { overrides, store } = watchedStore()
  const lines: string[] = []
  const answer = Promise.withResolvers<void>()
  const outputs = { report: 'long '.repeat(20_000) }
  const found = await withAgent(
    {
      run: async (...call) => {
        await answer.promise
        json({ status: 'success', outputs })(...call)
      },
    },
    { runsPerAgent: 1 },
    { ...overrides, logger: pino({ level: 'error' }, { write: (line: string) => lines.push(JSON.parse(line).msg) }) },
  )
  return { ...found, lines, outputs, answer: answer.resolve, fill: () => fillDisk(store()) }
}

test('an answer that comes while the disk is full is kept, the page says so, and it is saved when there is room', async () => {
  const { app, clock, lines, outputs, answer, fill, posts } = await withLateAnswers()
  const runId = await execute(app, 'writer')
  const queued = await execute(app, 'writer', { topic: 'second' })
  const makeRoom = fill()
  answer()
  const notice = async (id: string) => (await page(app, `/runs/${id}`)).html.querySelector('.progress')!.text
  await expect.poll(() => notice(runId)).toContain('The agent has answered. The answer is kept in memory until')
  await clock.advance(600_000)
  expect((await api(app, 'GET', `/runs/${runId}`)).json).toMatchObject({ status: 'running', outputs: null })
  const refused = await api(app, 'POST', `/runs/${runId}/cancel`)
  expectProblem(refused, 409)
  expect(refused.json.detail).toContain('The agent has already answered')
  expect((await api(app, 'GET', `/runs/${queued}`)).json.status).toBe('pending')
  expect(posts()).toHaveLength(1)

  makeRoom()
  expect(await endedInTime(app, clock, runId)).toMatchObject({ status: 'completed', outputs })
  expect(await endedInTime(app, clock, queued)).toMatchObject({ status: 'completed', outputs })
  expect(posts()).toHaveLength(2)
  expect(lines).toEqual([expect.stringMatching(/^The disk is full/)])
})

test('Prefer: wait waits for an answer that is held, and gives it', async () => {
  const { app, clock, outputs, answer, fill } = await withLateAnswers()
  const waiting = app
    .inject({
      method: 'POST',
      url: '/orchestrator/writer/execute',
      headers: { accept: 'application/json', 'content-type': 'application/json', prefer: 'wait=60' },
      payload: '{"inputs":{"topic":"first"}}',
    })
    .then((response) => response.json())
  const running = async () => (await api(app, 'GET', '/runs?status=running')).json.runs[0]?.run_id
  await expect.poll(running).toBeDefined()
  const runId = await running()
  const makeRoom = fill()
  answer()
  await expect.poll(async () => (await app.orchestrator.run(runId)).progress?.held).toBe('answer')
  makeRoom()
  await clock.advance(10_000)
  expect(await waiting).toMatchObject({ run_id: runId, status: 'completed', outputs })
})

test('a bulk action says that the disk is full, waits, and does each run once when there is room', async () => {
  const { app, clock, fill, answer, posts } = await withLateAnswers()
  answer()
  const inputs = JSON.stringify({ topic: 'long '.repeat(5000) })
  const ids = ['a', 'b', 'c', 'd']
  await insertRuns(
    app,
    ids.map((id) => ({ id, workflow_name: 'writer', agent_id: 'writer', inputs })),
  )
  const { json: job } = await api(app, 'POST', '/runs/bulk', { action: 'rerun', run_ids: ids, confirm: true })
  const makeRoom = fill()
  await clock.advance(30_000)
  const stuck = (await api(app, 'GET', `/runs/bulk/${job.bulk_id}`)).json
  expect(stuck).toMatchObject({ done: 0, failed: 0, problem: expect.stringContaining('The disk is full') })
  expect(posts()).toEqual([])
  makeRoom()
  await clock.advance(30_000)
  expect((await api(app, 'GET', `/runs/bulk/${job.bulk_id}`)).json).toMatchObject({
    status: 'done',
    done: 4,
    failed: 0,
  })
  for (const { run_id: id } of (await api(app, 'GET', '/runs?status=pending&status=running')).json.runs)
    await endedInTime(app, clock, id)
  expect(posts()).toHaveLength(4)
})
