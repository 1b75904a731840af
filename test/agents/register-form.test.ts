import type { HTMLElement } from 'node-html-parser'
import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { type Answer, buildTestApp, page, partial, submit, submitPartial } from '../support/app.ts'
import { printedValue } from '../support/html.ts'
import { unusedPort } from '../support/network/raw-server.ts'
import { storeOf } from '../support/store/database.ts'

const usual = (field: HTMLElement) => !field.closest('.access')
const url = '/orchestrator/register'
const hostile = `"><img src=x onerror=alert(1)>' & <b>`

const typedIn = (html: HTMLElement, name: string) =>
  printedValue(html.querySelector(`#register-form [name="${name}"]`)!)

/** What stands beside each field, by the field's name; and that screen readers are told. */
function errorsIn(html: HTMLElement): Record<string, string> {
  const wrong = html.querySelectorAll('#register-form [aria-invalid="true"]')
  return Object.fromEntries(
    wrong.map((input) => [
      input.getAttribute('name')!,
      html.querySelector(`#${input.getAttribute('aria-describedby')}`)!.text,
    ]),
  )
}

test('the page has an empty form that works without JavaScript, and with htmx', async () => {
  const app = await buildTestApp()
  const { html } = await page(app, '/orchestrator')
  const form = html.querySelector('form#register-form')!
  expect(form.attributes).toMatchObject({ action: url, method: 'post', 'hx-post': url })
  expect(
    form
      .querySelectorAll('input:not([type=hidden]), textarea')
      .filter(usual)
      .map((field) => field.getAttribute('name')),
  ).toEqual(['agent_url', 'agent_id', 'agent_name', 'description'])
  for (const field of form.querySelectorAll('input:not([type=hidden]), textarea'))
    expect(form.querySelector(`label[for="${field.id}"]`)).toBeTruthy()
  expect(errorsIn(html)).toEqual({})
})

const senders: [string, (...sent: Parameters<typeof submit>) => Promise<Answer>, boolean][] = [
  ['a browser without JavaScript', submit, true],
  ['htmx', submitPartial, false],
]

test.each(senders)('%s gets the form back with all errors beside their fields', async (_, send, isWholePage) => {
  const app = await buildTestApp()
  const { status, html } = await send(app, url, { agent_id: 'a/b', agent_name: '', agent_url: 'nowhere' })
  expect(status).toBe(422)
  expect(html.querySelector('title') !== null).toBe(isWholePage)
  expect(html.querySelectorAll('#register-form')).toHaveLength(1)
  expect(errorsIn(html)).toEqual({
    agent_id: 'Agent ID may not contain "/".',
    agent_name: 'Agent name is required.',
    agent_url: 'A URL starts with http:// or https://, for example http://localhost:8001.',
  })
  expect(typedIn(html, 'agent_id')).toBe('a/b')
  expect(typedIn(html, 'agent_url')).toBe('nowhere')
})

test.each(senders)('%s gets back what was typed, letter by letter and harmless', async (_, send) => {
  const agent = await startAgent({ health: json({ status: hostile }) })
  const app = await buildTestApp()
  const typed = { agent_id: hostile, agent_name: hostile, agent_url: agent.url, description: hostile }
  const { status, html } = await send(app, url, typed)
  expect(status).toBe(503)
  for (const [name, text] of Object.entries(typed)) expect(typedIn(html, name)).toBe(text)
  expect(html.querySelectorAll('img[src="x"], b, [onerror]')).toEqual([])
  expect(errorsIn(html).agent_url).toBe(`The agent at ${agent.url} is not healthy: reports "${hostile}".`)
  expect(await storeOf(app).agents.all()).toEqual([])
})

test.each(senders)('%s gets the reason beside the URL when the agent cannot be reached', async (_, send) => {
  const app = await buildTestApp()
  const gone = `http://127.0.0.1:${await unusedPort()}`
  const { status, html } = await send(app, url, { agent_id: 'writer', agent_name: 'Writer', agent_url: gone })
  expect(status).toBe(503)
  expect(errorsIn(html)).toEqual({
    agent_url: `Cannot connect to agent at ${gone}: connection refused. Is it running?`,
  })
  expect(typedIn(html, 'agent_id')).toBe('writer')
})

test('the whole page that comes back still has the list of agents', async () => {
  const app = await buildTestApp()
  const { html } = await submit(app, url, {})
  expect(html.querySelector('#agents')).toBeTruthy()
})

test('a field that stands twice in the form is an error, not a crash', async () => {
  const app = await buildTestApp()
  const payload = 'agent_id=a&agent_id=b&agent_name=n&agent_url=http%3A%2F%2Flocalhost'
  const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
  const response = await app.inject({ method: 'POST', url, headers, payload })
  expect(response.statusCode).toBe(422)
})

test('Clear asks for the form anew, and without JavaScript goes to the page', async () => {
  const app = await buildTestApp()
  const clear = (await submitPartial(app, url, { agent_id: 'x' })).html.querySelectorAll('#register-form a')[0]!
  expect(clear.text).toBe('Clear')
  expect(clear.attributes).toMatchObject({ href: '/orchestrator', 'hx-get': url, 'hx-target': '#register-form' })
  const { html } = await partial(app, url)
  const fields = html.querySelectorAll('#register-form input, #register-form textarea').filter(usual)
  expect(fields.map(printedValue)).toEqual(['', '', '', ''])
  expect(errorsIn(html)).toEqual({})
  expect(await page(app, url)).toMatchObject({ status: 302, headers: { location: '/orchestrator#register' } })
})

test('hostile names are printed as text in the list, the dialog and the question before removing', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await submit(app, url, { agent_id: 'x', agent_name: hostile, agent_url: agent.url, description: hostile })
  for (const path of ['/orchestrator', '/', '/runs']) {
    const { html } = await page(app, path)
    expect(html.querySelectorAll('img[src="x"], [onerror]'), path).toEqual([])
  }
  const { html } = await page(app, '/orchestrator')
  expect(html.querySelector('#agents .c-name a')!.text).toBe(hostile)
  for (const path of ['/orchestrator/x/execute', '/orchestrator/x/remove']) {
    const dialog = await partial(app, path)
    expect(dialog.html.querySelectorAll('img, b, [onerror]')).toEqual([])
    expect(dialog.html.querySelector('h2')!.text).toContain(hostile)
  }
})
