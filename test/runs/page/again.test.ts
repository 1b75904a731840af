import { expect, test } from 'vitest'
import { json } from '../../support/agents/agent.ts'
import { api, ended, execute, expectProblem, page, submit, type TestApp } from '../../support/app.ts'
import { withAgent, withJob } from '../../support/runs/executed.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { storedIds } from '../../support/runs/stored.ts'

const odd =
  '{ "topic" : "Zürich 🏔 \\u00e9",  "n": 12345678901234567890, "e":1.0e2, "empty": "", "none": null, "z": -0.0 }'

async function finished(inputs = odd) {
  const found = await withAgent({ schema: json({ detail: 'none' }, 404) })
  const answer = await api(found.app, 'POST', '/orchestrator/writer/execute', `{"inputs":${inputs}}`)
  await ended(found.app, answer.json.run_id)
  return { ...found, runId: answer.json.run_id as string }
}

const runs = async (app: TestApp) => (await storedIds(app)).length

test('runs again with exactly the same bytes, as a new run', async () => {
  const { app, posts, runId } = await finished()
  const { status, json: again } = await api(app, 'POST', `/runs/${runId}/rerun`)
  expect(status).toBe(200)
  expect(again).toEqual({ run_id: expect.any(String), redirect_url: `/runs/${again.run_id}` })
  expect(again.run_id).not.toBe(runId)
  await ended(app, again.run_id)
  expect(posts().map(({ body }) => body)).toEqual([odd, odd])
  expect(posts().map(({ headers }) => headers['idempotency-key'])).toEqual([runId, again.run_id])
})

test('the new run links to the old one, and back', async () => {
  const { app, runId } = await finished()
  const { json: again } = await api(app, 'POST', `/runs/${runId}/rerun`)
  const links = async (id: string) =>
    (await page(app, `/runs/${id}`)).html.querySelectorAll('.facts a').map((link) => link.getAttribute('href'))
  expect(await links(runId)).toContain(`/runs/${again.run_id}`)
  expect(await links(again.run_id)).toContain(`/runs/${runId}`)
  expect((await api(app, 'GET', `/runs/${again.run_id}`)).json.rerun_of).toBe(runId)
})

test('the button of one page makes one run, however often it is pressed; a fresh page makes another', async () => {
  const { app, runId } = await finished()
  const token = async () =>
    (await page(app, `/runs/${runId}`)).html.querySelector('#rerun input[name="token"]')!.getAttribute('value')!
  const first = await token()
  const pressed = await Promise.all([1, 2, 3].map(() => submit(app, `/runs/${runId}/rerun`, { token: first })))
  expect(pressed.map(({ status }) => status)).toEqual([303, 303, 303])
  expect(new Set(pressed.map(({ headers }) => headers.location)).size).toBe(1)
  expect(await runs(app)).toBe(2)
  const fresh = await submit(app, `/runs/${runId}/rerun`, { token: await token() })
  expect(fresh.headers.location).not.toBe(pressed[0]!.headers.location)
  expect(await runs(app)).toBe(3)
})

test('a script repeats a run once under one Idempotency-Key', async () => {
  const { app, runId } = await finished()
  const again = async (key: string) => {
    const headers = { accept: 'application/json', 'idempotency-key': key }
    return (await app.inject({ method: 'POST', url: `/runs/${runId}/rerun`, headers })).json().run_id as string
  }
  const [one, two, other] = [await again('a'), await again('a'), await again('b')]
  expect(two).toBe(one)
  expect(other).not.toBe(one)
  expect(await runs(app)).toBe(3)
})

test('a run that goes on cannot be repeated', async () => {
  const { app, runId } = await withJob()
  const answer = await api(app, 'POST', `/runs/${runId}/rerun`)
  expectProblem(answer, 409)
  expect(answer.json.detail).toBe('This run is still running. Stop waiting for it first, or wait for its end.')
  expect((await page(app, `/runs/${runId}`)).html.querySelector('#rerun')).toBeNull()
  expect(await runs(app)).toBe(1)
})

test('a run of an agent that was removed cannot be repeated', async () => {
  const { app, runId } = await finished()
  await api(app, 'DELETE', '/orchestrator/writer')
  const answer = await api(app, 'POST', `/runs/${runId}/rerun`)
  expectProblem(answer, 409)
  expect(answer.json.detail).toContain('not registered any more')
  expect((await page(app, `/runs/${runId}`)).html.querySelector('#rerun')).toBeNull()
})

test.each([
  ['that the Python program carried out', { id: 'one', inputs: '{"a":1}' }, 'Python'],
  ['whose inputs are a repr', { id: 'one', agent_id: 'writer', inputs: "{'a': None}" }, 'not recorded'],
  ['without inputs', { id: 'one', agent_id: 'writer' }, 'not recorded'],
])('a run %s cannot be repeated', async (_, row, reason) => {
  const { app } = await withAgent()
  await insertRuns(app, [row])
  const answer = await api(app, 'POST', '/runs/one/rerun')
  expectProblem(answer, 409)
  expect(answer.json.detail).toContain(reason)
  expect((await page(app, '/runs/one')).html.querySelector('#rerun')).toBeNull()
})

test('a run whose password was not kept cannot be repeated, only edited and run again', async () => {
  const schema = json({
    workflow: 'mailer',
    inputs: { key: { type: { type: 'string', format: 'password' }, required: true } },
    outputs: [],
  })
  const { app, posts } = await withAgent({ schema })
  const runId = await execute(app, 'writer', { key: 'hunter2-secret' })
  await ended(app, runId)
  expect(posts()[0]!.body).toContain('hunter2-secret')
  const answer = await api(app, 'POST', `/runs/${runId}/rerun`)
  expectProblem(answer, 409)
  expect(answer.json.detail).toContain('password')
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelector('#rerun')).toBeNull()
  expect(html.querySelector(`a[href^="/orchestrator/writer/execute?from=${runId}"]`)!.text.trim()).toBe(
    'Edit and rerun',
  )
})

test('a run that nobody knows cannot be repeated: 404', async () => {
  const { app } = await withAgent()
  expectProblem(await api(app, 'POST', '/runs/nothing/rerun'), 404)
})

test('a key that is too long repeats nothing, and is told', async () => {
  const { app, posts } = await withAgent()
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  const headers = { accept: 'application/json', 'idempotency-key': 'k'.repeat(256) }
  const answer = await app.inject({ method: 'POST', url: `/runs/${runId}/rerun`, headers })
  expect(answer.statusCode).toBe(422)
  expect(answer.json().errors).toMatchObject([{ field: 'Idempotency-Key' }])
  expect(posts()).toHaveLength(1)
})
