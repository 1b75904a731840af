import { describe, expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, page, register } from '../support/app.ts'
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
import { storeOf } from '../support/store/database.ts'
import { allStored } from '../support/store/raw.ts'

const password = { type: 'string', format: 'password' }
const inputs = {
  topic: { type: 'str', required: true },
  key: { type: password, required: true },
  login: { type: { type: 'object', properties: { user: { type: 'string' }, pass: password } }, required: false },
}
const secret = 'hunter2-"x"'

async function withAgent(described: object = inputs) {
  const agent = await startAgent({ schema: json({ workflow: 'w', inputs: described, outputs: [] }) })
  const app = await buildTestApp()
  await register(app, agent.url)
  const bodies = () => agent.requests.filter(({ url }) => url === '/run').map(({ body }) => body)
  return { app, agent, bodies, form: await openForm(app) }
}

test('a password is typed unseen, sent, and kept nowhere', async () => {
  const { app, form, bodies } = await withAgent()
  expect(fieldOf(form, 'key').querySelector('input')!.attributes).toMatchObject({ type: 'password', value: '' })
  const answer = await sendForm(app, typed(form.entries, { 'v:/topic': 'a', 'v:/key': secret }))
  const runId = runIdOf(answer)
  await ended(app, runId)
  expect(bodies()).toEqual([`{"topic":"a","key":${JSON.stringify(secret)}}`])
  expect(await allStored(app)).toContain(runId)
  expect(await allStored(app)).not.toContain('hunter2')
  expect((await page(app, `/runs/${runId}`)).text).not.toContain('hunter2')
})

test('a password that came as JSON is sent to the byte, and kept nowhere either', async () => {
  const { app, bodies } = await withAgent()
  const body = '{"topic": "a",  "key": "hunter2", "login": {"pass": "hunter3", "user": "me"}}'
  const { json: answer } = await api(app, 'POST', '/orchestrator/writer/execute', `{"inputs": ${body}}`)
  await ended(app, answer.run_id)
  expect(bodies()).toEqual([body])
  expect(await storeOf(app).runs.get(answer.run_id)).toMatchObject({
    inputs: '{"topic":"a","login":{"user":"me"}}',
    withheld: ['key', 'login.pass'],
  })
})

test('a form that comes back never holds a password', async () => {
  const { app, form } = await withAgent()
  const filled = typed(form.entries, { 'v:/key': secret, 'v:/login/user': 'me', 'v:/login/pass': secret })
  for (const op of [undefined, 'set:/login', 'view:json', 'null:/key']) {
    const answer = await sendForm(app, filled, op)
    expect(answer.payload).not.toContain('hunter2')
  }
})

test('as JSON, passwords stand beside it and go along', async () => {
  const { app, form, bodies } = await withAgent()
  const filled = typed(form.entries, { 'v:/topic': 'a', 'v:/key': secret, 'v:/login/user': 'me', 'm:/login': 'set' })
  const asJson = await sendForm(app, filled, 'view:json')
  expect(JSON.parse(asJson.html.querySelector('#json')!.text)).toEqual({ topic: 'a', login: { user: 'me' } })
  expect(asJson.html.querySelectorAll('input[type="password"]').map((one) => one.getAttribute('name'))).toEqual([
    'v:/key',
    'v:/login/pass',
  ])
  expect(saidIn(await sendForm(app, asJson.entries))).toEqual(['key: This input is required.'])
  const answer = await sendForm(app, typed(asJson.entries, { 'v:/key': 'k', 'v:/login/pass': 'p' }))
  await ended(app, runIdOf(answer))
  expect(JSON.parse(bodies()[0]!)).toEqual({ topic: 'a', key: 'k', login: { user: 'me', pass: 'p' } })
})

test('an empty password is sent only when it is meant', async () => {
  const { app, form, bodies } = await withAgent()
  const filled = typed(form.entries, { 'v:/topic': 'a' })
  expect(saidIn(await sendForm(app, filled))).toEqual(['key: This input is required. Send empty'])
  const meant = await sendForm(app, filled, 'empty:/key')
  await ended(app, runIdOf(await sendForm(app, meant.entries)))
  expect(bodies()).toEqual(['{"topic":"a","key":""}'])
})

test('a run with a password cannot be run again without it: its form asks for it', async () => {
  const { app, form, bodies } = await withAgent()
  const filled = typed(form.entries, { 'v:/topic': 'a', 'v:/key': secret, 'v:/login/pass': 'p', 'm:/login': 'set' })
  const runId = runIdOf(await sendForm(app, filled))
  await ended(app, runId)
  expect((await api(app, 'POST', `/runs/${runId}/rerun`)).status).toBe(409)
  const again = await openForm(app, { from: runId })
  expect(saidIn(again)).toEqual([
    'key: Enter this again: passwords are not kept. Send empty',
    'pass: Enter this again: passwords are not kept. Send empty',
  ])
  expect(words(fieldOf(again, 'topic'))).toContain('a')
  const answer = await sendForm(app, typed(again.entries, { 'v:/key': 'k', 'v:/login/pass': 'q' }))
  await ended(app, runIdOf(answer))
  expect(JSON.parse(bodies().at(-1)!)).toEqual({ topic: 'a', key: 'k', login: { pass: 'q' } })
})

describe('a password that stood in JSON is asked for again', () => {
  const again = 'Enter this again: passwords are not kept.'
  const pasted = { topic: 'a', key: secret, login: { user: 'me', pass: secret }, codes: [secret], more: { x: secret } }
  const asked = ['key', 'pass', 'codes', 'more'].map((name) => `${name}: ${again}`)
  const saidAgain = (form: ShownForm) => saidIn(form).map((one) => one.replace(/(?<=kept\.).*/, ''))

  const wide = {
    ...inputs,
    codes: { type: { type: 'array', items: password }, required: false },
    more: { type: { type: 'object', additionalProperties: password }, required: false },
  }

  test('when the JSON becomes a form', async () => {
    const { app, form } = await withAgent(wide)
    const asJson = await sendForm(app, form.entries, 'view:json')
    const shown = await sendForm(app, typed(asJson.entries, { json: JSON.stringify(pasted) }), 'view:form')
    expect(shown.payload).not.toContain('hunter2')
    expect(saidAgain(shown)).toEqual(asked)
    expect(saidAgain(await openForm(app, { inputs: JSON.stringify(pasted) }))).toEqual(asked)
  })

  test('when a form with it becomes JSON, or the JSON of an input becomes fields', async () => {
    const { app, form } = await withAgent()
    const login = { user: 'me', pass: secret }
    const filled = typed(form.entries, { 'v:/topic': 'a', 'm:/login': 'json', 'v:/login': JSON.stringify(login) })
    const asJson = await sendForm(app, filled, 'view:json')
    expect(asJson.payload).not.toContain('hunter2')
    expect(saidAgain(asJson)).toEqual([`login.pass: ${again}`])
    expect(saidAgain(await sendForm(app, filled, 'set:/login'))).toEqual([`pass: ${again}`])
  })

  test('and one that was typed into its own control is not', async () => {
    const { app, form } = await withAgent()
    const filled = typed(form.entries, { 'v:/key': secret, 'v:/login/pass': secret, 'm:/login': 'set' })
    const asJson = await sendForm(app, filled, 'view:json')
    expect(saidIn(asJson)).toEqual([])
    const typedBeside = typed(asJson.entries, { 'v:/key': secret, 'v:/login/pass': secret })
    for (const op of ['view:form', 'set:/login']) expect(saidIn(await sendForm(app, typedBeside, op))).toEqual([])
  })
})
