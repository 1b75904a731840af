import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, register } from '../support/app.ts'
import {
  fieldOf,
  openForm,
  runIdOf,
  type ShownForm,
  saidIn,
  sendForm,
  typed,
  words,
} from '../support/forms/execute-form.ts'

const inputs = {
  topic: { type: 'str', required: true },
  count: { type: 'int', required: false },
  address: { type: { type: 'object', properties: { zip: { type: 'integer' } } }, required: false },
}

async function withForm(described: object = inputs) {
  const agent = await startAgent({ schema: json({ workflow: 'w', inputs: described, outputs: [] }) })
  const app = await buildTestApp()
  await register(app, agent.url)
  const bodies = () => agent.requests.filter(({ url }) => url === '/run').map(({ body }) => body)
  return { app, agent, bodies, form: await openForm(app) }
}

const textOf = ({ html }: ShownForm) => html.querySelector('#json')?.text.replace(/^\n/, '')

test('the JSON of a form lacks what is blank, and keeps every digit', async () => {
  const { app, form } = await withForm()
  expect(textOf(await sendForm(app, form.entries, 'view:json'))).toBe('{}')
  const filled = typed(form.entries, { 'v:/topic': 'a\nb', 'v:/count': '9007199254740993', other: '{"x": 1.0}' })
  const asJson = await sendForm(app, filled, 'view:json')
  expect(textOf(asJson)).toBe('{\n  "x": 1.0,\n  "topic": "a\\nb",\n  "count": 9007199254740993\n}')
  expect(asJson.html.querySelector('[autofocus]')!.id).toBe('json')
  expect(asJson.html.querySelectorAll('[aria-pressed="true"]').map(words)).toEqual(['JSON'])
})

test('a form with errors stays a form, and tells them', async () => {
  const { app, form } = await withForm()
  const answer = await sendForm(app, typed(form.entries, { 'v:/count': 'many', other: '{"a": }' }), 'view:json')
  expect(answer.status).toBe(200)
  expect(saidIn(answer)).toEqual([
    'count: Enter a whole number.',
    'Other inputs: This is not valid JSON: unexpected "}" at line 1, column 7.',
  ])
  expect(fieldOf(answer, 'count').querySelector('input')!.getAttribute('value')).toBe('many')
})

test.each([
  ['{"topic": }', 'This is not valid JSON: unexpected "}" at line 1, column 11.'],
  ['{\n  "topic": "a",\n}', 'This is not valid JSON: unexpected "}" at line 3, column 1.'],
  ['{"topic": NaN}', 'This is not valid JSON: unexpected "N" at line 1, column 11.'],
  ['[]', 'Enter a JSON object, such as {"key": "value"}.'],
  ['', 'Enter JSON.'],
])('JSON that is none stays as it was typed, with line and column: %j', async (text, error) => {
  const { app, form, bodies } = await withForm()
  const asJson = await sendForm(app, form.entries, 'view:json')
  for (const op of ['view:form', undefined]) {
    const answer = await sendForm(app, typed(asJson.entries, { json: text }), op)
    expect(saidIn(answer)).toEqual([`Inputs as JSON: ${error}`])
    expect(textOf(answer)).toBe(text)
  }
  expect(bodies()).toEqual([])
})

test('JSON that the agent is sure to refuse is told under dotted names, all at once', async () => {
  const { app, form } = await withForm()
  const asJson = await sendForm(app, form.entries, 'view:json')
  const answer = await sendForm(app, typed(asJson.entries, { json: '{"count": 1.5, "address": {"zip": "x"}}' }))
  expect(answer.status).toBe(422)
  expect(answer.html.querySelectorAll('#json-error li').map(words)).toEqual([
    'topic: This input is required.',
    'count: Enter a whole number.',
    'address.zip: Enter a whole number.',
  ])
})

test('inputs that the schema does not name have a field of their own, and are sent', async () => {
  const { app, bodies } = await withForm()
  const form = await openForm(app, { inputs: '{"topic": "a", "extra": [1.0], "more": null}' })
  expect(words(fieldOf(form, 'Other inputs'))).toContain('not in the schema')
  const answer = await sendForm(app, form.entries)
  await ended(app, runIdOf(answer))
  expect(bodies()).toEqual(['{"extra":[1.0],"more":null,"topic":"a"}'])
})

test('a value of another type than the schema says is kept as JSON, and told when it is executed', async () => {
  const { app } = await withForm()
  const form = await openForm(app, { inputs: '{"topic": 7, "count": 3}' })
  expect(fieldOf(form, 'topic').querySelector('textarea.code')!.text.trim()).toBe('7')
  expect(saidIn(await sendForm(app, form.entries))).toEqual(['topic: Enter a string.'])
  const asText = await sendForm(app, form.entries, 'set:/topic')
  expect(fieldOf(asText, 'topic').querySelector('textarea')!.text.trim()).toBe('7')
})

test('more inputs than anybody would fill in are given as JSON', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 5000 }, (_, index) => [`input${index}`, { type: 'int', required: false }]),
  )
  const { app, form, bodies } = await withForm(many)
  expect(textOf(form)).toBe('{}')
  expect(form.html.querySelectorAll('[aria-pressed]')).toEqual([])
  expect(textOf(await sendForm(app, form.entries, 'view:form'))).toBe('{}')
  const answer = await sendForm(app, typed(form.entries, { json: '{ "input4999": 1 }' }))
  await ended(app, runIdOf(answer))
  expect(bodies()).toEqual(['{ "input4999": 1 }'])
})

test('a script that sends a form gets its errors as JSON', async () => {
  const { app } = await withForm()
  const answer = await app.inject({
    method: 'POST',
    url: '/orchestrator/writer/execute',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'v:/count=x&v:/address/zip=y',
  })
  expect(answer.statusCode).toBe(422)
  expect(answer.json().errors).toEqual([
    { field: 'topic', message: 'This input is required.' },
    { field: 'count', message: 'Enter a whole number.' },
    { field: 'address.zip', message: 'Enter a whole number.' },
  ])
})

test('a script is told what the form is made of, with every digit of the defaults', async () => {
  const { app } = await withForm({ n: { type: 'int', required: false, default: 1 }, x: { type: 'str | None' } })
  const { json: answer } = await api(app, 'GET', '/orchestrator/writer/execute')
  expect(answer).toEqual({
    agent_name: 'Article Writer',
    workflow: 'w',
    inputs: [
      { name: 'n', type: 'int', required: false, nullable: false, description: '', default: 1 },
      { name: 'x', type: 'str | None', required: true, nullable: true, description: '' },
    ],
  })
})
