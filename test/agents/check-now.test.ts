import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { json, silence, startAgent } from '../support/agents/agent.ts'
import {
  api,
  buildTestApp,
  expectProblem,
  page,
  partial,
  register,
  submit,
  submitPartial,
  type TestApp,
} from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'

const checksOf = (agent: { requests: { url: string }[] }) =>
  agent.requests.filter(({ url }) => url === '/health').length

async function withAgents() {
  const [writer, cleaner] = [await startAgent(), await startAgent()]
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await register(app, writer.url)
  await register(app, cleaner.url, 'data cleaner', 'Data Cleaner')
  return { writer, cleaner, clock, app }
}

const redirectOf = async (app: TestApp, url: string, headers = {}) => {
  const { statusCode, headers: said } = await app.inject({
    method: 'POST',
    url,
    headers: {
      accept: 'text/html',
      host: 'localhost:8000',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
  })
  return [statusCode, said.location]
}

test('checks one agent, says what was found, and the list shows it', async () => {
  const { app, writer, cleaner } = await withAgents()
  writer.handlers.health = json({ status: 'overloaded' })
  const { status, headers, html } = await submitPartial(app, '/orchestrator/writer/check')
  expect(status).toBe(200)
  expect(headers['hx-reswap']).toBe('none')
  const toast = html.querySelector('[hx-target="#toasts"] .toast')!
  expect(toast.text).toBe('Article Writer: Checking 1/3. Reports "overloaded".')
  expect([checksOf(writer), checksOf(cleaner)]).toEqual([2, 1])
  const list = await partial(app, '/orchestrator/health-check')
  const shown = list.html.querySelectorAll('#agents .state').map(({ text }) => text.trim())
  expect(shown).toEqual(['Checking 1/3', 'Healthy'])
})

test('checks all agents, and says how they are', async () => {
  const { app, writer, cleaner } = await withAgents()
  const { html } = await submitPartial(app, '/orchestrator/check')
  expect(html.querySelector('.toast')!.text).toBe('Checked: 2 healthy.')
  expect([checksOf(writer), checksOf(cleaner)]).toEqual([2, 2])
})

test('gives scripts the agents, or the one', async () => {
  const { app } = await withAgents()
  const all = await api(app, 'POST', '/orchestrator/check')
  expect(all.status).toBe(200)
  expect(all.json.agents.map(({ checks }: { checks: unknown[] }) => checks.length)).toEqual([2, 2])
  const one = await api(app, 'POST', '/orchestrator/data%20cleaner/check')
  expect(one.json).toMatchObject({ agent_id: 'data cleaner', status: 'healthy', is_paused: false })
  expect(one.json.checks).toHaveLength(3)
})

test('leads a browser without JavaScript back to where it was', async () => {
  const { app, writer } = await withAgents()
  const from = (referer: string) => ({ referer })
  expect(await redirectOf(app, '/orchestrator/check')).toEqual([303, '/orchestrator'])
  expect(await redirectOf(app, '/orchestrator/writer/check')).toEqual([303, '/orchestrator'])
  expect(
    await redirectOf(app, '/orchestrator/writer/check', from('http://localhost:8000/orchestrator/writer')),
  ).toEqual([303, '/orchestrator/writer'])
  for (const elsewhere of ['http://other:8000/orchestrator/x', 'http://localhost:8000//other', 'nonsense'])
    expect(await redirectOf(app, '/orchestrator/check', from(elsewhere))).toEqual([303, '/orchestrator'])
  expect(checksOf(writer)).toBe(7)
})

test('the buttons work without JavaScript: each stands in a form of its own', async () => {
  const { app } = await withAgents()
  const pages = ['/orchestrator', '/orchestrator/writer', '/orchestrator/data%20cleaner']
  const shown = await Promise.all(pages.map(async (path) => (await page(app, path)).html))
  const forms = shown
    .flatMap((html) => html.querySelectorAll('form'))
    .filter((form) => form.getAttribute('action')?.endsWith('/check'))
  expect(forms.map(({ attributes }) => [attributes.action, attributes.method])).toEqual([
    ['/orchestrator/check', 'post'],
    ['/orchestrator/writer/check', 'post'],
    ['/orchestrator/data%20cleaner/check', 'post'],
  ])
  for (const form of forms) {
    const button = form.querySelector('button[type="submit"]')!
    expect(button.getAttribute('hx-post') ?? form.getAttribute('hx-post')).toBe(form.getAttribute('action'))
    expect((await submit(app, form.getAttribute('action')!)).status).toBe(303)
  }
})

test('joins a check in flight, whoever asked for it', async () => {
  const { app, writer } = await withAgents()
  let answer = () => {}
  writer.handlers.health = (request, response, body) => {
    answer = () => json({ status: 'healthy' })(request, response, body)
  }
  const asked = [
    api(app, 'POST', '/orchestrator/writer/check'),
    api(app, 'POST', '/orchestrator/writer/check'),
    submitPartial(app, '/orchestrator/check'),
  ]
  await expect.poll(() => checksOf(writer)).toBe(2)
  await new Promise((resolve) => setTimeout(resolve, 50))
  answer()
  for (const { status } of await Promise.all(asked)) expect(status).toBe(200)
  expect(checksOf(writer)).toBe(2)
})

test('answers after five seconds with what is known by then', async () => {
  const { app, writer, clock } = await withAgents()
  writer.handlers.health = silence
  const one = submitPartial(app, '/orchestrator/writer/check')
  const all = api(app, 'POST', '/orchestrator/check')
  await expect.poll(() => checksOf(writer)).toBe(2)
  await clock.advance(5000)
  const { html } = await one
  expect(html.querySelector('.toast')!.text).toBe('Article Writer has not answered yet. Still waiting for it.')
  expect((await all).json.agents).toHaveLength(2)
})

test('refuses to check what is paused, with a sentence, and leaves it out when all are checked', async () => {
  const { app, writer } = await withAgents()
  await app.orchestrator.pause('writer', localActor)
  const sentence = 'Article Writer is paused. Resume it to have it checked.'
  const asScript = await api(app, 'POST', '/orchestrator/writer/check')
  expectProblem(asScript, 409)
  expect(asScript.json.detail).toBe(sentence)
  const piece = await submitPartial(app, '/orchestrator/writer/check')
  expect([piece.status, piece.html.querySelector('.toast')!.text]).toEqual([409, sentence])
  expect((await submit(app, '/orchestrator/writer/check')).text).toContain(sentence)
  expect((await api(app, 'POST', '/orchestrator/check')).status).toBe(200)
  expect(checksOf(writer)).toBe(1)
})

test('an agent that is not there cannot be checked', async () => {
  const { app } = await withAgents()
  expectProblem(await api(app, 'POST', '/orchestrator/nobody/check'), 404)
})
