import type { HTMLElement } from 'node-html-parser'
import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { type Answer, api, buildTestApp, expectProblem, page, submit, submitPartial } from '../support/app.ts'
import { printedValue, wordsOf } from '../support/html.ts'
import { unusedPort } from '../support/network/raw-server.ts'
import { storeOf } from '../support/store/database.ts'

const url = '/orchestrator/test'
const registering = '/orchestrator/register'

const fieldsIn = (html: HTMLElement) =>
  Object.fromEntries(
    html
      .querySelectorAll('#register-form input:not([type=hidden]), #register-form textarea')
      .filter((field) => !field.closest('.access'))
      .map((field) => [field.getAttribute('name')!, printedValue(field)]),
  )
const checksIn = (html: HTMLElement) =>
  html.querySelectorAll('#register-form .check').map((check) => ({
    tone: check.classList.value.find((name) => name !== 'check'),
    hasIcon: check.querySelector('svg[aria-hidden="true"] use') !== null,
    words: wordsOf(check.querySelector('p')),
  }))

const senders: [string, (...sent: Parameters<typeof submit>) => Promise<Answer>, boolean][] = [
  ['a browser without JavaScript', submit, true],
  ['htmx', submitPartial, false],
]

test('Test is a button of the form: Enter still registers, and nothing is required to test', async () => {
  const { html } = await page(await buildTestApp(), '/orchestrator')
  const buttons = html.querySelectorAll('#register-form button[type="submit"]')
  expect(buttons.map((button) => wordsOf(button.querySelector('.busy-hides')))).toEqual([
    '',
    'TestTest again',
    'Register',
    'Register and execute…',
  ])
  // Enter presses the first one, which goes where the form goes.
  expect(buttons[0]!.attributes).toEqual({ class: 'unseen', type: 'submit', tabindex: '-1', 'aria-hidden': 'true' })
  expect(buttons[1]!.attributes).toMatchObject({
    formaction: url,
    formnovalidate: '',
    'hx-post': url,
    'hx-target': '#register-form',
  })
  for (const button of buttons.slice(1)) expect(button.querySelector('.busy-shows')!.text).toMatch(/…$/)
  expect(html.querySelector('#register-report')!.attributes).toMatchObject({ 'aria-live': 'polite' })
  expect(wordsOf(html.querySelector('#register-report'))).toBe('')
})

test.each(senders)(
  '%s gets four checks, and no warning of an agent that does what the README asks',
  async (_, send) => {
    const agent = await startAgent()
    const app = await buildTestApp()
    const { html } = await send(app, url, { agent_url: agent.url })
    expect(checksIn(html)).toEqual([
      { tone: 'good', hasIcon: true, words: `Answers over HTTP 127.0.0.1:${agent.port}` },
      { tone: 'good', hasIcon: true, words: 'GET /health healthy' },
      { tone: 'good', hasIcon: true, words: 'GET /schema workflow article_writer, 4 inputs' },
      { tone: 'idle', hasIcon: true, words: 'POST /run not called' },
    ])
    for (const took of html.querySelectorAll('.check .num').slice(0, 3)) expect(took.text).toMatch(/^\d+ ms$/)
    agent.handlers.openApi = json({ info: {}, paths: { '/run': { post: {} } } })
    const announced = await send(app, url, { agent_url: agent.url })
    expect(checksIn(announced.html)[3]).toMatchObject({ tone: 'good', words: 'POST /run is there not called' })
  },
)

test.each(senders)('%s is told the cause, what was not tried, and that the URL is wrong', async (_, send) => {
  const app = await buildTestApp()
  const port = await unusedPort()
  const { html } = await send(app, url, { agent_url: `http://127.0.0.1:${port}` })
  const [cause, rest, ...others] = checksIn(html)
  expect(others).toEqual([])
  expect(cause).toMatchObject({ tone: 'bad' })
  expect(cause!.words).toMatch(new RegExp(`^Connection refused nothing listens on 127.0.0.1:${port}`))
  expect(rest).toEqual({ tone: 'idle', hasIcon: true, words: 'GET /health, GET /schema, POST /run not tried' })
  const field = html.querySelector('#agent-url')!
  expect(field.attributes).toMatchObject({ 'aria-invalid': 'true', 'aria-describedby': 'register-report' })
})

test('the button that takes a URL is not told twice what to try', async () => {
  const app = await buildTestApp()
  const { html } = await submitPartial(app, url, { agent_url: 'localhost:7599' })
  expect(wordsOf(html.querySelector('.test-report')!)).not.toContain('Try')
  expect(wordsOf(html.querySelector('.offer .busy-hides'))).toBe('Use http://localhost:7599')
})

test.each(senders)('%s gets the report line by line under the form', async (_, send, isWholePage) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const { status, html } = await send(app, url, { agent_url: `${agent.url}/docs`, description: 'My <b>own</b>' })
  expect(status).toBe(200)
  expect(html.querySelector('title') !== null).toBe(isWholePage)
  expect(html.querySelector('#agents') !== null).toBe(isWholePage)
  expect(checksIn(html)).toMatchObject([
    { tone: 'waiting', words: expect.stringContaining('It ends in /docs') },
    { tone: 'bad', words: expect.stringMatching(/^GET \/health answered 404 Not Found/) },
    { tone: 'idle', words: 'GET /schema, POST /run not tried' },
  ])
  expect(wordsOf(html.querySelector('.offer span'))).toBe(`An agent answers at ${agent.url}: try that.`)
  expect(wordsOf(html.querySelector('#diagnosis-title'))).toBe(`Test of ${agent.url}/docs`)
  expect(fieldsIn(html)).toEqual({
    agent_url: `${agent.url}/docs`,
    agent_id: '',
    agent_name: '',
    description: 'My <b>own</b>',
  })
})

test.each(senders)('%s gets id and name filled in where they are empty, and only there', async (_, send) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const empty = await send(app, url, { agent_url: ` ${agent.url}/`, agent_id: ' ', agent_name: '', description: '' })
  expect(fieldsIn(empty.html)).toEqual({
    agent_url: ` ${agent.url}/`,
    agent_id: 'article-writer',
    agent_name: 'Article Writer',
    description: '',
  })
  expect(wordsOf(empty.html)).toContain('ID and name filled in from what was found.')
  expect(wordsOf(empty.html.querySelector('label[for="agent-id"]'))).toBe('Agent ID from the workflow')
  const typed = { agent_url: agent.url, agent_id: 'mine', agent_name: ' My agent ', description: 'x' }
  const kept = await send(app, url, typed)
  expect(fieldsIn(kept.html)).toEqual(typed)
  expect(kept.text).not.toContain('filled in from')
  expect(wordsOf(kept.html.querySelector('label[for="agent-id"]'))).toBe('Agent ID')
})

test.each(senders)('%s can test another URL that is suggested, with one button', async (_, send) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const typed = { agent_url: `localhost:${agent.port}`, agent_id: 'mine' }
  const first = await send(app, url, typed)
  const button = first.html.querySelector('#register-test-other')!
  expect(button.attributes).toMatchObject({ type: 'submit', name: 'instead', formaction: url, formnovalidate: '' })
  expect(button.getAttribute('value')).toBe(`http://localhost:${agent.port}`)
  const second = await send(app, url, { ...typed, instead: button.getAttribute('value')! })
  expect(fieldsIn(second.html)).toMatchObject({ agent_url: `http://localhost:${agent.port}`, agent_id: 'mine' })
  expect(wordsOf(second.html.querySelector('#register-report'))).toContain('All passed')
})

test('what an agent says is printed as text', async () => {
  const hostile = `"><img src=x onerror=alert(1)>' & <b>`
  const agent = await startAgent({
    health: json({ status: 'warn' }),
    schema: json({ workflow: hostile, inputs: { [hostile]: { type: hostile } } }),
  })
  const { html } = await submit(await buildTestApp(), url, { agent_url: agent.url })
  expect(html.querySelectorAll('img[src="x"], b, [onerror]')).toEqual([])
  expect(checksIn(html)[2]!.words).toContain(hostile)
})

test.each(senders)('%s is offered to register an agent that is down anyway', async (_, send) => {
  const gone = `http://127.0.0.1:${await unusedPort()}`
  const app = await buildTestApp()
  const typed = { agent_url: gone, agent_id: 'writer', agent_name: 'Writer' }
  for (const path of [url, registering]) {
    const { html } = await send(app, path, typed)
    const button = html.querySelector('#register-anyway')!
    expect(button.attributes).toMatchObject({ type: 'submit', name: 'anyway', value: '1', 'hx-post': registering })
    expect(button.attributes).not.toHaveProperty('formnovalidate')
  }
  expect(await storeOf(app).agents.all()).toEqual([])
  const saved = await send(app, registering, { ...typed, anyway: '1' })
  expect([200, 303]).toContain(saved.status)
  expect((await storeOf(app).agents.all()).map(({ id, url }) => ({ id, url }))).toEqual([{ id: 'writer', url: gone }])
})

test.each([
  ['a URL that is none', 'localhost:8001'],
  ['nothing', ''],
])('%s cannot be registered anyway', async (_, agentUrl) => {
  const app = await buildTestApp()
  for (const path of [url, registering]) {
    const { html } = await submit(app, path, { agent_url: agentUrl, agent_id: 'writer', agent_name: 'Writer' })
    expect(html.querySelector('#register-anyway')).toBeNull()
  }
})

test('our own address cannot be registered anyway', async () => {
  const app = await buildTestApp()
  const own = await app.listen({ host: '127.0.0.1', port: 0 })
  const typed = { agent_url: own, agent_id: 'me', agent_name: 'Me' }
  for (const path of [url, registering]) {
    expect((await submit(app, path, typed)).html.querySelector('#register-anyway')).toBeNull()
  }
  expectProblem(await api(app, 'POST', registering, { ...typed, anyway: true }), 400, ['agent_url'])
  expect(await storeOf(app).agents.all()).toEqual([])
})

test.each([true, '1', 'true'])('a script registers an agent that is down with anyway: %j', async (anyway) => {
  const app = await buildTestApp()
  const gone = `http://127.0.0.1:${await unusedPort()}`
  const body = { agent_url: gone, agent_id: 'writer', agent_name: 'Writer', anyway }
  expect(await api(app, 'POST', registering, body)).toMatchObject({ status: 200, json: { status: 'registered' } })
})

test.each([false, '0', '', null, 0])('anyway: %j asks for the check', async (anyway) => {
  const app = await buildTestApp()
  const gone = `http://127.0.0.1:${await unusedPort()}`
  const body = { agent_url: gone, agent_id: 'writer', agent_name: 'Writer', anyway }
  expectProblem(await api(app, 'POST', registering, body), 503, ['agent_url'])
})
