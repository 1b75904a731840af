import { expect, test } from 'vitest'
import { json } from '../../support/agents/agent.ts'
import { api, ended, execute, expectProblem, page, submit, submitPartial } from '../../support/app.ts'
import { withAgent, withJob } from '../../support/runs/executed.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const honest =
  'You stopped waiting for this run. The agent was not told to stop; it may still be working, and costing money.'

test('a run that goes on has a button to stop waiting, and one that has ended has none', async () => {
  const { app, runId } = await withJob()
  const button = async () => (await page(app, `/runs/${runId}`)).html.querySelector('#cancel')
  expect((await button())!.attributes).toMatchObject({ method: 'post', action: `/runs/${runId}/cancel` })
  await submit(app, `/runs/${runId}/cancel`)
  expect(await button()).toBeNull()
})

test('a form cancels and leads back to the run, which says that the agent may go on', async () => {
  const { app, runId } = await withJob()
  const { status, headers } = await submit(app, `/runs/${runId}/cancel`)
  expect([status, headers.location]).toEqual([303, `/runs/${runId}`])
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelector('#run-status')!.text.trim()).toBe('Cancelled')
  const [what, ...rest] = html.querySelectorAll('[role="alert"] :is(h2, p)').map((part) => part.text)
  expect(`${what}. ${rest.join(' ')}`).toBe(honest)
  const last = html.querySelectorAll('.timeline li:last-child :is(.timeline-title, .reason)')
  expect(last.map(({ text }) => text)).toEqual(['Cancelled', 'stopped waiting'])
  expect(html.querySelector('#run')!.getAttribute('hx-trigger')).toBe('refresh')
})

test('a script cancels and hears the same', async () => {
  const { app, runId } = await withJob()
  const answer = await api(app, 'POST', `/runs/${runId}/cancel`)
  expect(answer).toMatchObject({ status: 200, json: { run_id: runId, status: 'cancelled', message: honest } })
})

test('a run that has ended cannot be cancelled: 409, and it stays as it is', async () => {
  const { app } = await withAgent()
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  const answer = await api(app, 'POST', `/runs/${runId}/cancel`)
  expectProblem(answer, 409)
  expect(answer.json.detail).toBe('This run has already ended: it is completed.')
  expect((await submit(app, `/runs/${runId}/cancel`)).status).toBe(409)
  expect((await submitPartial(app, `/runs/${runId}/cancel`)).headers['hx-reswap']).toBe('none')
  expect((await api(app, 'GET', `/runs/${runId}`)).json.status).toBe('completed')
})

test('runs that nobody knows and runs of the Python program cannot be cancelled', async () => {
  const { app } = await withAgent()
  await insertRuns(app, [{ id: 'python', status: 'running' }])
  expectProblem(await api(app, 'POST', '/runs/nothing/cancel'), 404)
  const answer = await api(app, 'POST', '/runs/python/cancel')
  expectProblem(answer, 409)
  expect(answer.json.detail).toContain('Python')
  expect((await page(app, '/runs/python')).html.querySelector('#cancel, #rerun')).toBeNull()
})

test('the call to the agent is dropped when its run is cancelled, and what it would have said changes nothing', async () => {
  const dropped = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  const { app } = await withAgent({
    run: (request, response, body) => {
      arrived.resolve()
      response.once('close', () => {
        dropped.resolve()
        json({ status: 'success', outputs: { late: true } })(request, response, body)
      })
    },
  })
  const runId = await execute(app, 'writer')
  await arrived.promise
  await api(app, 'POST', `/runs/${runId}/cancel`)
  await dropped.promise
  await app.orchestrator.ended(runId, 60_000)
  expect((await api(app, 'GET', `/runs/${runId}`)).json).toMatchObject({ status: 'cancelled', outputs: null })
})

test('a job is asked for no more when its run is cancelled', async () => {
  const { app, clock, runId, polls } = await withJob()
  await api(app, 'POST', `/runs/${runId}/cancel`)
  await clock.advance(120_000)
  expect(polls()).toEqual([])
  expect((await api(app, 'GET', `/runs/${runId}`)).json).toMatchObject({ status: 'cancelled', job_id: 'job-1' })
})

test('a run that waits for a place can be cancelled, is never sent, and does not say that it still waits', async () => {
  const { app, posts, runId } = await withJob({}, { runsPerAgent: 1 })
  const waiting = await execute(app, 'writer', { topic: 'second' })
  await api(app, 'POST', `/runs/${waiting}/cancel`)
  const { html } = await page(app, `/runs/${waiting}`)
  const steps = html.querySelectorAll('.timeline-title').map((title) => title.text)
  expect(steps).toEqual(['Accepted', 'Cancelled'])
  expect(html.querySelector('[role="alert"] p')!.text).toBe('Nothing was sent to the agent.')
  await api(app, 'POST', `/runs/${runId}/cancel`)
  await app.orchestrator.ended(waiting, 60_000)
  expect(posts()).toHaveLength(1)
})
