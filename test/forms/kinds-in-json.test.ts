import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { buildTestApp, ended, register } from '../support/app.ts'
import { openForm, runIdOf, type ShownForm, saidIn, sendForm, typed } from '../support/forms/execute-form.ts'

const object = (kind: string, properties: object) => ({
  type: 'object',
  properties: { kind: { const: kind }, ...properties },
  required: ['kind', ...Object.keys(properties)],
})
const text = { type: 'string' }
const either = { anyOf: [text, { type: 'array', items: text }] }
const password = { type: 'string', format: 'password' }

const places: [string, unknown, boolean, string, string][] = [
  ['a union', either, true, '/at', '/at'],
  ['a union that may stay unsent', either, false, '/at', '/at'],
  ['a member', object('m', { inner: either }), true, '/at/inner', '/at'],
  ['an item', { type: 'array', items: either }, true, '/at/0', '/at'],
  ['an entry', { type: 'object', additionalProperties: either }, true, '/at/0', '/at'],
  ['a position', { type: 'array', prefixItems: [{ type: 'integer' }, either], items: false }, true, '/at/1', '/at'],
  ['a kind of a kind', { anyOf: [object('m', { inner: either }), { type: 'integer' }] }, true, '/at/:0/inner', '/at'],
  ['anything', {}, true, '/at', '/at'],
]

async function openWith(type: unknown, required: boolean) {
  const agent = await startAgent({ schema: json({ workflow: 'w', inputs: { at: { type, required } } }) })
  const app = await buildTestApp()
  await register(app, agent.url)
  const press = async (from: ShownForm, ...ops: string[]) => {
    let shown = from
    for (const op of ops) shown = await sendForm(app, shown.entries, op)
    return shown
  }
  const executed = async (form: ShownForm) => {
    const answer = await sendForm(app, form.entries)
    expect(saidIn(answer)).toEqual([])
    await ended(app, runIdOf(answer))
    return agent.requests.findLast(({ url }) => url === '/run')!.body
  }
  return { app, press, executed, form: await openForm(app) }
}

const fill = (form: ShownForm, changes: Record<string, string | string[]>): ShownForm => ({
  ...form,
  entries: typed(form.entries, changes),
})
const held = (form: ShownForm, name: string) => form.entries.filter(([one]) => one === name).map(([, value]) => value)
const plain = ({ entries }: ShownForm) =>
  entries.filter(([name]) => !['token', 'view', 'json'].includes(name)).sort(([one], [other]) => (one < other ? -1 : 1))

/** The union at `at`, with a text that was typed before an integer or a list was chosen. */
async function begun({ press, form }: Awaited<ReturnType<typeof openWith>>, at: string, required: boolean) {
  const shown = required ? form : await press(form, 'set:/at')
  const key = shown.entries.some(([name]) => name === `k:${at}`) ? { [`k:${at}`]: 'one' } : {}
  const first = at === '/at/1' ? { 'v:/at/0': '5' } : {}
  return press(fill(shown, { [`v:${at}/:0`]: 'a page', ...key, ...first }), `as:${at}/:1`)
}

test.each(places)('what was typed into another kind of %s stays through JSON', async (_, type, required, at, outer) => {
  const opened = await openWith(type, required)
  const { press, executed } = opened
  const chosen = fill(await begun(opened, at, required), { [`v:${at}/:1`]: '7' })
  const ways = [
    ['view:json', 'view:form'],
    ['view:json', 'view:json', 'view:form'],
    [`json:${outer}`, `set:${outer}`],
    [`json:${outer}`, 'view:json', 'view:form'],
  ]
  for (const way of ways) {
    const back = await press(chosen, ...way)
    expect(plain(back)).toEqual(plain(chosen))
    expect(held(await press(back, `as:${at}/:0`), `v:${at}/:0`)).toEqual(['a page'])
  }
  expect(await executed(await press(chosen, 'view:json'))).not.toContain('a page')
})

test('a refused JSON, and an edited one, leave it there', async () => {
  const { app, press, form, executed } = await openWith(either, true)
  const asJson = await press(fill(form, { 'v:/at/:0': 'a page' }), 'as:/at/:1', 'view:json')
  const refused = await sendForm(app, typed(asJson.entries, { json: '{"at": 5}' }))
  expect(refused.status).toBe(422)
  const edited = await press(fill(refused, { json: '{"at": ["x", "y"]}' }), 'view:form')
  expect([held(edited, 'v:/at/:1'), held(edited, 'v:/at/:0')]).toEqual([['x', 'y'], ['a page']])
  expect(await executed(edited)).toBe('{"at":["x","y"]}')
  const other = await press(fill(asJson, { json: '{"at": "told"}' }), 'view:form')
  expect(held(other, 'v:/at/:0')).toEqual(['told'])
})

test('the kind that was chosen stays where another one would show the same JSON', async () => {
  const { press, form } = await openWith({ anyOf: [{ type: 'integer' }, { type: 'number' }, text] }, true)
  const chosen = fill(await press(fill(form, { 'v:/at/:0': '7' }), 'as:/at/:1'), { 'v:/at/:1': '5' })
  const back = await press(chosen, 'view:json', 'view:form')
  expect([held(back, 't:/at'), held(back, 'v:/at/:1'), held(back, 'v:/at/:0')]).toEqual([['1'], ['5'], ['7']])
})

test('entries are known by their keys, and items keep their places', async () => {
  const { press, form, executed } = await openWith({ type: 'object', additionalProperties: either }, true)
  const two = await press(fill(form, { 'k:/at/0': 'one', 'v:/at/0/:0': 'first' }), 'add:/at', 'as:/at/0/:1')
  const both = await press(fill(two, { 'k:/at/1': 'two', 'v:/at/1/:0': 'second' }), 'as:/at/1/:1')
  const filled = fill(both, { 'v:/at/0/:1': ['x'], 'v:/at/1/:1': ['y'] })
  const asJson = await press(filled, 'view:json')
  const back = await press(fill(asJson, { json: '{"at": {"new": ["n"], "two": ["y"], "one": ["x"]}}' }), 'view:form')
  expect([held(back, 'v:/at/0/:0'), held(back, 'v:/at/1/:0')]).toEqual([['first'], ['second']])
  expect(await executed(back)).toBe('{"at":{"new":["n"],"two":["y"],"one":["x"]}}')
})

test('what the JSON leaves out is not sent, though something was typed into another kind', async () => {
  const { press, form, executed } = await openWith({ type: 'array', items: either }, false)
  const chosen = await press(fill(await press(form, 'set:/at'), { 'v:/at/0/:0': 'a page' }), 'as:/at/0/:1')
  const asJson = await press(fill(chosen, { 'v:/at/0/:1': 'x' }), 'view:json')
  const back = await press(fill(asJson, { json: '{}' }), 'view:form')
  expect(await executed(back)).toBe('{}')
})

test('a password of another kind is in no answer', async () => {
  const login = object('login', { user: text, pass: password })
  const { press, form } = await openWith({ anyOf: [text, login, { type: 'array', items: password }] }, true)
  const begunLogin = fill(await press(form, 'as:/at/:1'), { 'v:/at/:1/user': 'ada', 'v:/at/:1/pass': 'hunter2' })
  const listed = fill(await press(begunLogin, 'as:/at/:2'), { 'v:/at/:1/pass': 'hunter2', 'v:/at/:2': 'hunter3' })
  const chosen = fill(await press(listed, 'as:/at/:0'), { 'v:/at/:0': 'a', 'v:/at/:1/pass': 'hunter2' })
  for (const way of [['view:json'], ['view:json', 'view:form'], ['json:/at'], ['json:/at', 'set:/at']]) {
    const shown = await press(chosen, ...way)
    expect(shown.payload).not.toMatch(/hunter/)
    expect(held(shown, 'v:/at/:1/user')).toEqual(['ada'])
    expect(held(shown, 'v:/at/:1/pass')).toEqual([''])
  }
})
