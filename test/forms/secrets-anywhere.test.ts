import { expect, test } from 'vitest'
import { type AgentHandler, json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, page, register, type TestApp } from '../support/app.ts'
import { fieldOf, openForm, runIdOf, saidIn, sendForm, typed } from '../support/forms/execute-form.ts'
import { storedIds } from '../support/runs/stored.ts'
import { storeOf } from '../support/store/database.ts'
import { allStored } from '../support/store/raw.ts'

const password = { type: 'string', format: 'password' }
const login = { type: 'object', properties: { user: { type: 'string' }, pass: password } }
const inputs = {
  to: { type: 'str', required: true },
  users: { type: { type: 'array', items: login }, required: false },
  either: { type: { anyOf: [{ $ref: '#/$defs/Login' }, { type: 'integer' }] }, required: false },
  keys: { type: 'dict[str, list[SecretStr]]', required: false },
  pin: { type: { type: 'integer', writeOnly: true }, required: false },
}
const schema = { workflow: 'w', inputs, outputs: [], $defs: { Login: login } }
const secrets = ['hunter2"\\ü/ pass', 'correct horse', 'sk-zq7-zq7x', '90817263']
const given = {
  to: 'anna',
  users: [{ user: 'a', pass: secrets[0] }, { user: 'b' }],
  either: { user: 'c', pass: secrets[1] },
  keys: { one: [secrets[2], 'sk-other-key'] },
  pin: Number(secrets[3]),
}

async function withAgent(handlers: Record<string, AgentHandler> = {}) {
  const agent = await startAgent({ schema: json(schema), ...handlers })
  const app = await buildTestApp()
  await register(app, agent.url)
  const bodies = () => agent.requests.filter(({ url }) => url === '/run').map(({ body }) => JSON.parse(body))
  return { app, agent, bodies }
}

/** Whatever is kept, shown and exported of all runs, as one text. */
async function everything(app: TestApp, runId: string): Promise<string> {
  const addresses = [
    `/runs/${runId}`,
    `/runs/${runId}?tab=json`,
    `/runs/${runId}?tab=exchange`,
    '/runs/export?format=ndjson',
    '/runs/export?format=csv',
    '/runs',
    '/orchestrator/writer',
  ]
  const shown = await Promise.all(
    addresses.flatMap((url) =>
      ['text/html', 'application/json'].map((accept) => app.inject({ url, headers: { accept } })),
    ),
  )
  return [await allStored(app), ...shown.map(({ payload }) => payload)].join('\n')
}

/** Pieces of the passwords that no escaping changes. */
const traces = ['hunter2', 'correct', 'horse', 'zq7-zq7x', '90817263', 'sk-other', 'aHVudGVyM', 'Y29ycmVjd']

async function expectNoTrace(app: TestApp, runId: string): Promise<void> {
  const all = await everything(app, runId)
  expect(traces.filter((trace) => all.includes(trace))).toEqual([])
}

test('passwords at any depth are sent, and kept, shown and exported nowhere', async () => {
  const { app, bodies } = await withAgent()
  const { json: answer } = await api(app, 'POST', '/orchestrator/writer/execute', { inputs: given })
  await ended(app, answer.run_id)
  expect(bodies()).toEqual([given])
  const { inputs: stored, withheld } = (await storeOf(app).runs.get(answer.run_id))!
  expect(JSON.parse(stored!)).toEqual({
    to: 'anna',
    users: [{ user: 'a' }, { user: 'b' }],
    either: { user: 'c' },
    keys: {},
  })
  expect(withheld).toEqual(['users.*.pass', 'either.pass', 'keys.one', 'pin'])
  await expectNoTrace(app, answer.run_id)
})

test('so it is with passwords in fields of a form that are JSON, which asks for them again', async () => {
  const { app, bodies } = await withAgent()
  const form = await openForm(app, { inputs: '{"to":"anna","users":[],"either":{},"keys":{},"pin":1}' })
  expect(fieldOf(form, 'pin').querySelector('input')!.attributes).toMatchObject({ type: 'password', value: '' })
  const filled = typed(form.entries, {
    'v:/users': JSON.stringify(given.users),
    'm:/users': 'json',
    'm:/either': 'json',
    'v:/either': JSON.stringify(given.either),
    'm:/keys': 'json',
    'v:/keys': JSON.stringify(given.keys),
    'v:/pin': String(given.pin),
  })
  const runId = runIdOf(await sendForm(app, filled))
  await ended(app, runId)
  expect(bodies()).toEqual([given])
  await expectNoTrace(app, runId)
  const again = await openForm(app, { from: runId })
  expect(saidIn(again)).toEqual(
    ['users', 'pass', 'keys', 'pin'].map(
      (name) => `${name}: Enter this again: passwords are not kept.${name === 'pass' ? ' Send empty' : ''}`,
    ),
  )
  expect(fieldOf(again, 'users').querySelector('textarea')!.text.trim()).toBe('a')
})

/** As typed into a form: what is filled in from elsewhere comes without its passwords. */
const typedPasswords = {
  'v:/users/0/pass': secrets[0]!,
  'v:/either/:0/pass': secrets[1]!,
  'v:/keys/0': [secrets[2]!, 'sk-other-key'],
  'v:/pin': secrets[3]!,
}

test('a form that is filled in from elsewhere comes without the passwords in lists, keys and variants', async () => {
  const { app, bodies } = await withAgent()
  const form = await openForm(app, { inputs: JSON.stringify(given) })
  expect(traces.filter((trace) => form.payload.includes(trace))).toEqual([])
  const answer = await sendForm(app, typed(form.entries, typedPasswords))
  await ended(app, runIdOf(answer))
  expect(bodies()).toEqual([given])
  await expectNoTrace(app, runIdOf(answer))
})

test('in the JSON view, too, with what had no control of its own in it', async () => {
  const { app, bodies } = await withAgent()
  const form = await openForm(app, { inputs: JSON.stringify(given) })
  const asJson = await sendForm(app, typed(form.entries, typedPasswords), 'view:json')
  expect(JSON.parse(asJson.html.querySelector('#json')!.text)).toEqual(given)
  const runId = runIdOf(await sendForm(app, asJson.entries))
  await ended(app, runId)
  expect(bodies()).toEqual([given])
  await expectNoTrace(app, runId)
})

const ascii = (text: string) =>
  JSON.stringify(text).replace(/[^ -~]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`)
const base64 = (text: string) => Buffer.from(text).toString('base64')
const said = `${secrets.join(', ')}; ${secrets.map(encodeURIComponent).join('&')}; ${secrets.map(ascii).join()}; ${secrets.slice(0, 2).map(base64).join()}`

test.each<[string, AgentHandler]>([
  ['a 422', json({ detail: [{ type: 'x', loc: ['body', 'users', secrets[1]!], msg: said, input: given }] }, 422)],
  ['an error', json({ detail: `Workflow execution failed: ${said}` }, 500)],
  ['outputs', json({ status: 'success', outputs: { said, [secrets[1]!]: { n: Number(secrets[3]) }, all: given } })],
  ['a failure', json({ status: 'failed', error: said, outputs: { said } })],
  [
    'headers',
    (request, response, body) => {
      response.setHeader('x-token', encodeURIComponent(secrets[0]!))
      response.setHeader('location', `/users?pass=${encodeURIComponent(secrets[1]!)}&pin=${secrets[3]}`)
      return json({ outputs: {} })(request, response, body)
    },
  ],
])('what an agent repeats of passwords in %s is masked wherever it is kept, shown or exported', async (_, run) => {
  const { app } = await withAgent({ run })
  const form = await openForm(app, { inputs: JSON.stringify(given) })
  const answer = await sendForm(app, typed(form.entries, typedPasswords))
  const [runId = ''] = await storedIds(app)
  await ended(app, runId)
  for (const text of saidIn(answer)) expect(traces.filter((trace) => text.includes(trace))).toEqual([])
  await expectNoTrace(app, runId)
  const texts = await Promise.all(['', '?tab=exchange'].map((tab) => page(app, `/runs/${runId}${tab}`)))
  expect(texts.map(({ text }) => text).join()).toContain('••••')
})

test('a job whose name repeats a password is asked for by it, and shown without it', async () => {
  const name = `job of ${secrets[1]}`
  const { app, agent } = await withAgent({
    run: json({ status: 'async', job_id: name }),
    status: json({ status: 'completed', outputs: { said: 'done' } }),
  })
  const { json: answer } = await api(app, 'POST', '/orchestrator/writer/execute', { inputs: given })
  const run = await ended(app, answer.run_id)
  expect(run).toMatchObject({ status: 'completed', outputs: { said: 'done' }, job_id: 'job of ••••' })
  expect(agent.requests.at(-1)!.url).toBe(`/status/${encodeURIComponent(name)}`)
  await expectNoTrace(app, answer.run_id)
})
