import type { FastifyInstance } from 'fastify'
import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, execute, page, register } from '../support/app.ts'
import { cli } from '../support/cli.ts'
import { createTestClock, settle } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'

const asJson = { 'content-type': 'application/json' }
const asForm = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }

async function openWithUsers() {
  const clock = createTestClock()
  const app = await buildAppWithUsers({ ann: 'admin', 'Öla Berg': 'operator' }, {}, { clock })
  const [ann, ola] = [await cookieFor(app, 'ann'), await cookieFor(app, 'Öla Berg')]
  const agent = await startAgent()
  const writer = { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url }
  expect((await post(app, ann, '/orchestrator/register', writer)).statusCode).toBe(200)
  return { app, clock, ann, ola }
}

const post = (app: FastifyInstance, cookie: string, url: string, body: object = {}) =>
  ask(app, cookie, url, { method: 'POST', headers: asJson, payload: JSON.stringify(body) })

const executeAs = async (app: FastifyInstance, cookie: string) =>
  (await post(app, cookie, '/orchestrator/writer/execute', { inputs: { topic: 'a' } })).json().run_id as string

const read = async (app: FastifyInstance, cookie: string, id: string) => (await ask(app, cookie, `/runs/${id}`)).json()

async function factsOf(app: FastifyInstance, cookie: string, id: string) {
  const { payload } = await ask(app, cookie, `/runs/${id}`, { headers: { accept: 'text/html' } })
  return parse(payload).querySelector('.facts')!.textContent.replace(/\s+/g, ' ')
}

test('a run names who executed it, and its rerun who reran it, wherever it is read', async () => {
  const { app, ann, ola } = await openWithUsers()
  const first = await executeAs(app, ola)
  const form = await ask(app, ola, '/orchestrator/writer/execute', {
    method: 'POST',
    headers: asForm,
    payload: new URLSearchParams({ 'v:/topic': 'b' }).toString(),
  })
  expect(form.statusCode, form.payload).toBe(303)
  const byForm = String(form.headers.location).split('/').at(-1)!
  const rerun = (await post(app, ann, `/runs/${first}/rerun`)).json().run_id

  const users = (await ask(app, ann, '/settings/users')).json().users as { user_id: string; name: string }[]
  const { user_id: olasId } = users.find(({ name }) => name === 'Öla Berg')!
  expect(await read(app, ola, first)).toMatchObject({ started_by: 'Öla Berg', started_by_id: `user:${olasId}` })
  expect(await factsOf(app, ola, first)).toContain('Started by Öla Berg')
  expect((await ask(app, ann, `/settings/users/${olasId}`, { method: 'DELETE' })).statusCode).toBe(200)

  const listed = (await ask(app, ann, '/runs')).json().runs
  expect(Object.fromEntries(listed.map((run: Record<string, string>) => [run.run_id, run.started_by]))).toEqual({
    [first]: 'Öla Berg',
    [byForm]: 'Öla Berg',
    [rerun]: 'ann',
  })
  expect(await factsOf(app, ann, byForm)).toContain('Started by Öla Berg')
  expect(await factsOf(app, ann, rerun)).toContain('Started by ann')
  const exported = async (format: string) => (await ask(app, ann, `/runs/export?format=${format}`)).payload
  expect((await exported('csv')).match(/"(ann|Öla Berg|started_by)"/g)).toEqual([
    '"started_by"',
    '"ann"',
    '"Öla Berg"',
    '"Öla Berg"',
  ])
  expect((await exported('ndjson')).match(/"started_by":"[^"]+"/g)).toHaveLength(3)

  const found = async (q: string) =>
    (await ask(app, ann, `/runs?q=${encodeURIComponent(q)}`)).json().runs.map((run: { run_id: string }) => run.run_id)
  expect(await found('by:"öla berg"')).toEqual([byForm, first])
  expect(await found('by:an*')).toEqual([rerun])
  expect(await found('by:"Öla Berg",ann -by:ANN')).toEqual([byForm, first])
  expect(await found('by:anna')).toEqual([])
  const { payload } = await ask(app, ann, `/runs/${first}`, { headers: { accept: 'text/html' } })
  const link = parse(payload)
    .querySelectorAll('.facts a')
    .find((one) => one.textContent === 'Öla Berg')!
  const behind = await ask(app, ann, link.getAttribute('href')!)
  expect(behind.json().runs).toHaveLength(2)
})

test('a reported run names who first reported it, by a token as well', async () => {
  const { app, ann, ola } = await openWithUsers()
  const { token } = (
    await post(app, ann, '/settings/tokens', { name: 'nightly CI', role: 'operator', expires_in_days: null })
  ).json()
  const report = { run_id: 'one', workflow_name: 'nightly', started_at: '2026-11-20T16:00:00Z', status: 'running' }
  const reported = await app.inject({
    ...{ method: 'POST', url: '/runs', payload: JSON.stringify(report) },
    headers: { ...asJson, authorization: `Bearer ${token}` },
  })
  expect(reported.json(), reported.payload).toMatchObject({ status: 'created' })
  expect((await post(app, ola, '/runs', { ...report, status: 'completed' })).json()).toMatchObject({
    status: 'updated',
  })
  expect(await read(app, ola, 'one')).toMatchObject({
    ...{ status: 'completed', started_by: 'nightly CI' },
    started_by_id: expect.stringMatching(/^token:/),
  })
  const facts = await factsOf(app, ola, 'one')
  expect(facts).toMatch(/Reported .+ by nightly CI/)
  expect(facts).not.toContain('Started by')
})

test('reruns of a bulk action are of who began it, also after a restart', async () => {
  const { app, ola } = await openWithUsers()
  await insertRuns(
    app,
    Array(30).fill({ workflow_name: 'writer', agent_id: 'writer', status: 'failed', inputs: '{"topic":"a"}' }),
  )
  const begun = await post(app, ola, '/runs/bulk', { action: 'rerun', filter: 'status=failed', confirm: true })
  const { bulk_id: id, started_by } = begun.json()
  expect(started_by).toBe('Öla Berg')
  await app.close()

  const clock = createTestClock()
  const again = await buildAppWithUsers({}, { db: app.db }, { clock })
  const [annAgain, olaAgain] = [await cookieFor(again, 'ann'), await cookieFor(again, 'Öla Berg')]
  const jobOf = async () => (await ask(again, annAgain, `/runs/bulk/${id}`)).json()
  expect(await jobOf()).toMatchObject({ started_by: 'Öla Berg' })
  again.orchestrator.start()
  while ((await jobOf()).status !== 'done') {
    await clock.advance(300)
    await settle()
  }
  const reruns = (await ask(again, annAgain, '/runs?limit=100')).json().runs.slice(0, 30)
  expect(new Set(reruns.map((run: Record<string, string>) => run.started_by))).toEqual(new Set(['Öla Berg']))
  const region = await ask(again, annAgain, `/runs/bulk/${id}`, { headers: { accept: 'text/html' } })
  expect(parse(region.payload).querySelector('.bulk-note')!.textContent).toContain('started by Öla Berg')

  const other = await post(again, olaAgain, '/runs/bulk', { action: 'rerun', filter: 'status=failed', confirm: true })
  await post(again, annAgain, `/runs/bulk/${other.json().bulk_id}/stop`)
  const { entries } = await again.orchestrator.audit.list({}, { max: 100 })
  expect(
    entries.filter(({ action }) => action.startsWith('bulk.')).map((one) => [one.actorName, one.action, one.details]),
  ).toMatchObject([
    ['ann', 'bulk.end', { state: 'stopped', started_by: 'Öla Berg' }],
    ['Öla Berg', 'bulk.begin', { runs: 30 }],
    ['Öla Berg', 'bulk.end', { state: 'done', done: 30 }],
    ['Öla Berg', 'bulk.begin', { runs: 30 }],
  ])
})

test('without users a run names nobody, and the command shows who started one where there are', async () => {
  const alone = await buildTestApp()
  const agent = await startAgent()
  const id = await execute(alone, await register(alone, agent.url))
  expect((await api(alone, 'GET', `/runs/${id}`)).json).toMatchObject({ started_by: null, started_by_id: null })
  expect((await page(alone, `/runs/${id}`)).text).not.toContain('Started by')

  const { app, ann, ola } = await openWithUsers()
  const { token } = (
    await post(app, ann, '/settings/tokens', { name: 'reader', role: 'viewer', expires_in_days: null })
  ).json()
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const { out } = await cli(['runs', 'show', await executeAs(app, ola), '--url', url, '--token', token])
  expect(out).toMatch(/^Started by +Öla Berg$/m)
})
