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
