import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { startAgent } from '../support/agents/agent.ts'
import {
  api,
  buildTestApp,
  ended,
  execute,
  expectProblem,
  page,
  partial,
  register,
  removePartial,
  submit,
} from '../support/app.ts'
import { storeOf } from '../support/store/database.ts'

const url = '/orchestrator/writer'

async function withAgent() {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  return { agent, app, left: async () => (await storeOf(app).agents.all()).map(({ id }) => id) }
}

test('answers a script, and the agent is gone from list and database', async () => {
  const { app, left } = await withAgent()
  expect(await api(app, 'DELETE', url)).toMatchObject({
    status: 200,
    json: { status: 'deregistered', agent_id: 'writer' },
  })
  expect(await left()).toEqual([])
  expect((await api(app, 'GET', '/orchestrator')).json.agents).toEqual([])
  expectProblem(await api(app, 'GET', `${url}/schema`), 404)
})

test('takes a DELETE that announces JSON and sends none, as many clients do', async () => {
  const { app } = await withAgent()
  const response = await app.inject({ method: 'DELETE', url, headers: { 'content-type': 'application/json' } })
  expect(response.statusCode).toBe(200)
  expect(response.json()).toEqual({ status: 'deregistered', agent_id: 'writer' })
})

test('asks first, naming the agent and what becomes of its runs', async () => {
  const { app, left } = await withAgent()
  const question = async () => (await partial(app, `${url}/remove`)).text
  expect(await question()).toContain('It has no runs.')
  await ended(app, await execute(app, 'writer'))
  expect(await question()).toContain('Its 1 run stays in the history.')
  await ended(app, await execute(app, 'writer'))
  expect(await question()).toContain('Its 2 runs stay in the history.')
  const { html } = await page(app, `${url}/remove`)
  expect(html.querySelector('title')!.text).toContain('Remove Article Writer')
  expect(html.querySelector('form')!.attributes).toMatchObject({
    action: `${url}/remove`,
    method: 'post',
    'hx-delete': url,
  })
  expect(html.querySelector('form [autofocus]')!.text).toBe('Cancel')
  expect((await api(app, 'GET', `${url}/remove`)).json).toEqual({
    agent_id: 'writer',
    agent_name: 'Article Writer',
    runs: 2,
  })
  expect(await left()).toEqual(['writer'])
})

test('a browser without JavaScript is sent back to the list', async () => {
  const { app, left } = await withAgent()
  const answer = await submit(app, `${url}/remove`)
  expect(answer).toMatchObject({ status: 303, headers: { location: '/orchestrator' } })
  expect(await left()).toEqual([])
})

test('says of an agent that registered itself when it comes back', async () => {
  const { app, agent } = await withAgent()
  const itself = 'It registered itself: it comes back only when it restarts'
  expect((await partial(app, `${url}/remove`)).text).not.toContain(itself)
  await app.orchestrator.registerItself(
    { agent_id: 'self', agent_name: 'Self', host: '127.0.0.1', port: agent.port },
    localActor,
  )
  expect((await partial(app, '/orchestrator/self/remove')).text).toContain(itself)
})

test('htmx gets a message, and leaves the dialog to close itself; the list no longer has the agent', async () => {
  const { agent, app } = await withAgent()
  await register(app, agent.url, 'other', 'Other')
  const { html, headers } = await removePartial(app, url)
  expect(headers['hx-reswap']).toBe('none')
  const list = await partial(app, '/orchestrator/health-check')
  expect(list.html.querySelectorAll('tr[data-state]').map((row) => row.id)).toEqual(['agent-other'])
  expect(html.querySelector('hx-partial[hx-target="#toasts"] .toast')!.text).toBe(
    'Removed Article Writer. Its runs stay.',
  )
  expect(html.querySelector('#register')).toBeNull()
})

test('answers 404 for an agent that is not registered, also the second time', async () => {
  const { app } = await withAgent()
  await api(app, 'DELETE', url)
  const answer = await api(app, 'DELETE', url)
  expectProblem(answer, 404)
  expect(answer.json.detail).toBe('There is no agent "writer".')
  expectProblem(await api(app, 'GET', `${url}/remove`), 404)
  expect((await submit(app, `${url}/remove`)).status).toBe(404)
  const gone = await removePartial(app, url)
  expect(gone).toMatchObject({ status: 404, headers: { 'hx-reswap': 'none' } })
  expect(gone.html.querySelector('.toast')!.text).toBe('There is no agent "writer".')
})

test('the runs of a removed agent stay readable, and can be filtered by', async () => {
  const { app } = await withAgent()
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  await api(app, 'DELETE', url)
  expect((await api(app, 'GET', `/runs/${runId}`)).json).toMatchObject({ agent_id: 'writer', status: 'completed' })
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelector('h1')!.text).toBe('article_writer on writer')
  expect(html.querySelector('.facts')!.text).toContain('removed')
  expect(html.querySelectorAll('a[href*="/execute"]')).toEqual([])
  const list = await page(app, '/runs?agent=writer')
  expect(list.html.querySelectorAll('tr.run')).toHaveLength(1)
  expect(list.html.querySelector('#menu-agents label:has(input[checked])')!.text.trim()).toBe('writer not registered')
})

test('an agent that is removed while its run goes on keeps that run', async () => {
  let finish = () => {}
  const agent = await startAgent()
  const { run } = agent.handlers
  agent.handlers.run = (...call) => {
    finish = () => run(...call)
  }
  const app = await buildTestApp()
  await register(app, agent.url)
  const runId = await execute(app, 'writer')
  await expect.poll(() => agent.requests.filter((one) => one.url === '/run').length).toBe(1)
  await api(app, 'DELETE', url)
  finish()
  expect(await ended(app, runId)).toMatchObject({ status: 'completed', agent_id: 'writer' })
})

test('an agent can be registered again under its old id, with its old runs', async () => {
  const { agent, app } = await withAgent()
  await ended(app, await execute(app, 'writer'))
  await api(app, 'DELETE', url)
  await register(app, agent.url, 'writer', 'New Writer')
  const { html } = await page(app, '/runs?agent=writer')
  expect(html.querySelector('#menu-agents label:has(input[checked])')!.text.trim()).toBe('writer New Writer')
  expect(html.querySelectorAll('tr.run')).toHaveLength(1)
})
