import fc from 'fast-check'
import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { buildTestApp, ended, register } from '../support/app.ts'
import { endurance } from '../support/endurance.ts'
import {
  type Entries,
  openForm,
  runIdOf,
  type ShownForm,
  saidIn,
  sendForm,
  typed,
} from '../support/forms/execute-form.ts'

const object = (kind: string, ...names: string[]) => ({
  type: 'object',
  properties: {
    kind: { const: kind },
    ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  },
  required: ['kind', ...names],
})

async function openWith(type: unknown, rest: object = {}) {
  const agent = await startAgent({
    schema: json({ workflow: 'w', inputs: { value: { type, required: true, ...rest } } }),
  })
  const app = await buildTestApp()
  await register(app, agent.url)
  const form = await openForm(app)
  const choose = (from: ShownForm, index: number) => sendForm(app, from.entries, `as:/value/:${index}`)
  return { agent, app, form, choose }
}

const type = (form: ShownForm, index: number, text: string | string[]): ShownForm => ({
  ...form,
  entries: typed(form.entries, { [`v:/value/:${index}`]: text }),
})
const textsIn = (entries: Entries, index: number) =>
  entries.filter(([name]) => name === `v:/value/:${index}`).map(([, text]) => text)

test.each([
  ['str | list[str]', 'one, two', 1, ['one, two']],
  ['str | list[int]', ' 5 ', 1, ['5']],
  ['str | list[int]', 'five', 1, ['']],
  ['str | int', '5', 1, ['5']],
  ['str | int', 'five', 1, ['']],
  ['str | bool', 'True', 1, ['true']],
  ['str | bool', 'maybe', 1, []],
  ['int | str', '007', 1, ['007']],
  ['int | str', 'ten', 1, ['ten']],
  ['list[int] | int', '5', 1, ['5']],
  ['list[int] | str', 'x', 1, ['x']],
  ['list[int] | str', '5', 1, ['5']],
  ["Literal['dry', 'warm'] | str", '"warm"', 1, ['warm']],
  ["str | Literal['dry', 'warm']", 'warm', 0, ['"warm"']],
])('of %s, %j becomes what fits in the other kind', async (written, text, to, expected) => {
  const { form, choose } = await openWith(written)
  const from = 1 - to
  const begun = textsIn(form.entries, from).length > 0 ? form : await choose(form, from)
  const other = await choose(type(begun, from, text), to)
  expect(textsIn(other.entries, to)).toEqual(expected)
  const back = await choose(other, from)
  expect(textsIn(back.entries, from)).toEqual([text])
})

test('several items stay a list, and text that is JSON fills an object', async () => {
  const { form, choose } = await openWith({ anyOf: [{ type: 'string' }, object('note', 'text')] })
  const filled = await choose(type(form, 0, '{"kind": "note", "text": "hello"}'), 1)
  expect(filled.entries).toContainEqual(['v:/value/:1/text', 'hello'])
  const lists = await openWith('list[str] | str')
  const text = await lists.choose(type(lists.form, 0, ['one', 'two']), 1)
  expect(textsIn(text.entries, 1)).toEqual([''])
  expect(textsIn((await lists.choose(text, 0)).entries, 0)).toEqual(['one', 'two'])
})

const password = { type: 'string', format: 'password' }

test('passwords in a list are carried into no other kind, which would show them', async () => {
  const { form, choose } = await openWith({ anyOf: [{ type: 'array', items: password }, { type: 'string' }] })
  const other = await choose(type(await choose(form, 0), 0, 'hunter2hunter2'), 1)
  expect(other.payload).not.toContain('hunter2hunter2')
  expect(other.entries).toContainEqual(['o:/value', '0'])
  expect([textsIn(other.entries, 1), textsIn(other.entries, 0)]).toEqual([[''], ['']])
})

test('what was only carried over is carried over again after a change', async () => {
  const { form, choose } = await openWith('str | int')
  const number = await choose(type(form, 0, '5'), 1)
  const again = await choose(type(await choose(number, 0), 0, '7'), 1)
  expect(textsIn(again.entries, 1)).toEqual(['7'])
  const own = await choose(type(again, 1, '8'), 0)
  expect([textsIn(own.entries, 0), textsIn(own.entries, 1)]).toEqual([['7'], ['8']])
})

test('what was typed into each kind stays on any way through them, and only the chosen one is sent', {
  timeout: 60_000,
}, async () => {
  const kinds = { anyOf: [{ type: 'string' }, { type: 'integer' }, object('a', 'x', 'y'), object('b', 'x', 'z')] }
  const { agent, app, form } = await openWith({ type: 'array', items: kinds })
  const at = (index: number) => `/value/0/:${index}`
  const places = [[at(0)], [at(1)], [`${at(2)}/x`, `${at(2)}/y`], [`${at(3)}/x`, `${at(3)}/z`]]
  const step = fc.record({ to: fc.nat(3), text: fc.string({ minLength: 1, unit: 'grapheme' }), member: fc.nat(1) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
      const wanted = new Map<string, string>()
      let shown = form
      for (const { to, text, member } of steps) {
        shown = await sendForm(app, shown.entries, `as:${at(to)}`)
        const pointer = places[to]![member] ?? at(to)
        wanted.set(pointer, text)
        shown = { ...shown, entries: typed(shown.entries, { [`v:${pointer}`]: text }) }
        const isThere = (one: string) => shown.entries.find(([name]) => name === `v:${one}`)?.[1]
        expect(new Map([...wanted.keys()].map((one) => [one, isThere(one)]))).toEqual(wanted)
      }
      const last = await sendForm(app, [...shown.entries, ['v:/value/0/:1', '1']], `as:${at(1)}`)
      const sent = typed(last.entries, { [`v:${at(1)}`]: '12' })
      const answer = await sendForm(app, sent)
      expect(saidIn(answer)).toEqual([])
      await ended(app, runIdOf(answer))
      expect(agent.requests.findLast(({ url }) => url === '/run')!.body).toBe('{"value":[12]}')
    }),
    { numRuns: endurance(6, 60) },
  )
})

test('a kind that was refused, or that nothing was typed into, leaves nothing behind', async () => {
  const { app, form, choose } = await openWith('str | list[str]')
  const untouched = await choose(await choose(form, 1), 0)
  const plain = ([name]: [string, string]) => !['token', 'op'].includes(name)
  expect(untouched.entries.filter(plain)).toEqual(form.entries.filter(plain))
  const refused = await sendForm(app, (await choose(type(form, 0, 'kept'), 1)).entries.map(emptied))
  expect(refused.status).toBe(422)
  expect(textsIn((await choose(refused, 0)).entries, 0)).toEqual(['kept'])
})

const emptied = ([name, value]: [string, string]): [string, string] => [name, name === 'v:/value/:1' ? '' : value]

const note = object('note', 'x', 'y')
const link = object('link', 'x', 'url')

/** Ways to JSON and back. */
const detours = [
  ['of the whole form', ['view:json', 'view:form']],
  ['of the field', ['json:/value', 'set:/value']],
  ['of the field, and of the whole form within', ['json:/value', 'view:json', 'view:form']],
] as const

test.each(detours)('what was typed into the kinds that are not chosen outlasts the JSON %s', async (_, ops) => {
  const { app, agent, form, choose } = await openWith({ anyOf: [{ type: 'string' }, note, link] })
  const first = await choose(type(form, 0, 'plain'), 1)
  const second = await choose({ ...first, entries: typed(first.entries, { 'v:/value/:1/x': 'ex' }) }, 2)
  let shown: ShownForm = {
    ...second,
    entries: typed(second.entries, { 'v:/value/:2/url': 'u', 'v:/value/:2/x': 'ex2' }),
  }
  for (const op of ops) shown = await sendForm(app, shown.entries, op)
  const held = (from: ShownForm, name: string) => from.entries.find(([one]) => one === name)?.[1]
  expect([held(shown, 'v:/value/:2/url'), held(shown, 'v:/value/:2/x')]).toEqual(['u', 'ex2'])
  const back = await choose(shown, 1)
  expect(held(back, 'v:/value/:1/x')).toBe('ex')
  expect(textsIn((await choose(back, 0)).entries, 0)).toEqual(['plain'])
  const answer = await sendForm(app, shown.entries)
  await ended(app, runIdOf(answer))
  expect(agent.requests.findLast(({ url }) => url === '/run')!.body).toBe(
    '{"value":{"kind":"link","x":"ex2","url":"u"}}',
  )
})

test('the JSON decides which kind is shown then; a refused one changes nothing', async () => {
  const { app, form, choose } = await openWith({ anyOf: [{ type: 'string' }, note, link] })
  const first = await choose(type(form, 0, 'plain'), 2)
  const filled = { ...first, entries: typed(first.entries, { 'v:/value/:2/url': 'u' }) }
  const asJson = await sendForm(app, filled.entries, 'view:json')
  const refused = await sendForm(app, typed(asJson.entries, { json: '{"value": {' }), 'view:form')
  expect(saidIn(refused)).not.toEqual([])
  const changed = typed(refused.entries, { json: '{"value": {"kind": "note", "x": "new", "y": "why"}}' })
  const shown = await sendForm(app, changed, 'view:form')
  expect(shown.entries).toContainEqual(['v:/value/:1/x', 'new'])
  expect(textsIn((await choose(shown, 0)).entries, 0)).toEqual(['plain'])
})

test('in lists, maps, tuples and kinds within kinds, too', async () => {
  const inner = { anyOf: [{ type: 'string' }, { type: 'integer' }] }
  const { app, form } = await openWith({
    type: 'object',
    properties: {
      many: { type: 'array', items: inner },
      named: { type: 'object', additionalProperties: inner },
      pair: { type: 'array', prefixItems: [inner, { type: 'string' }], minItems: 2, maxItems: 2 },
      deep: { anyOf: [{ type: 'object', properties: { in: inner }, required: ['in'] }, { type: 'boolean' }] },
    },
    required: ['many', 'named', 'pair', 'deep'],
  })
  let shown = form
  const press = async (op: string) => {
    shown = await sendForm(app, shown.entries, op)
  }
  const fill = (values: Record<string, string>) => {
    shown = { ...shown, entries: typed(shown.entries, values) }
  }
  await press('add:/value/many')
  await press('add:/value/named')
  const rowAt = (name: string) => shown.entries.findLast(([one]) => one === `r:/value/${name}`)?.[1] ?? '0'
  const places = [
    `/value/many/${rowAt('many')}`,
    `/value/named/${rowAt('named')}`,
    '/value/pair/0',
    '/value/deep/:0/in',
  ]
  for (const place of places) {
    fill({ [`v:${place}/:0`]: `word at ${place}` })
    await press(`as:${place}/:1`)
    fill({ [`v:${place}/:1`]: '7' })
  }
  fill({ [`k:${places[1]}`]: 'key', 'v:/value/pair/1': 'second' })
  for (const op of ['view:json', 'view:form']) await press(op)
  for (const place of places) {
    expect(shown.entries, place).toContainEqual([`v:${place}/:1`, '7'])
    await press(`as:${place}/:0`)
    expect(shown.entries, place).toContainEqual([`v:${place}/:0`, `word at ${place}`])
  }
})

test('a password in a kind that is not chosen comes into no JSON and no page', async () => {
  const login = {
    ...object('login', 'user'),
    properties: { kind: { const: 'login' }, user: { type: 'string' }, pass: password },
  }
  const { app, form, choose } = await openWith({ anyOf: [{ type: 'string' }, login] })
  const begun = await choose(form, 1)
  const filled = typed(begun.entries, { 'v:/value/:1/user': 'ada', 'v:/value/:1/pass': 'hunter2hunter2' })
  let shown = await sendForm(app, filled, 'as:/value/:0')
  for (const op of ['view:json', 'view:form', 'json:/value', 'set:/value', 'as:/value/:1']) {
    shown = await sendForm(app, shown.entries, op)
    expect(shown.payload, op).not.toContain('hunter2hunter2')
  }
  expect(shown.entries).toContainEqual(['v:/value/:1/user', 'ada'])
})
