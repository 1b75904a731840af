import { describe, expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { buildTestApp, ended, register } from '../support/app.ts'
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

async function withInputs(inputs: Record<string, unknown>, outputs: string[] = []) {
  const agent = await startAgent({ schema: json({ workflow: 'w', inputs, outputs }) })
  const app = await buildTestApp()
  await register(app, agent.url)
  /** Executes a form and resolves to what the agent got. */
  async function sent(form: ShownForm, changes: Record<string, string | string[]> = {}): Promise<string> {
    const answer = await sendForm(app, typed(form.entries, changes))
    expect(saidIn(answer)).toEqual([])
    await ended(app, runIdOf(answer))
    return agent.requests.findLast(({ url }) => url === '/run')!.body
  }
  const press = (form: ShownForm, op: string, changes = {}) => sendForm(app, typed(form.entries, changes), op)
  return { app, agent, sent, press, form: await openForm(app) }
}

const focused = ({ html }: ShownForm) =>
  html.querySelectorAll('[autofocus]').map((one) => one.getAttribute('name') ?? one.id)

describe('an optional text', () => {
  const tone = { tone: { type: 'str', required: false, default: 'neutral' } }

  test('is not sent until it is set, and says what the agent uses then', async () => {
    const { form, sent } = await withInputs(tone)
    expect(words(fieldOf(form, 'tone'))).toBe('tone str Not sent · the agent uses neutral Set')
    expect(fieldOf(form, 'tone').querySelectorAll('input, textarea')).toEqual([])
    expect(await sent(form)).toBe('{}')
  })

  test('begins with the default when it is set, and can be empty then', async () => {
    const { form, sent, press } = await withInputs(tone)
    const set = await press(form, 'set:/tone')
    expect(set.status).toBe(200)
    expect(focused(set)).toEqual(['v:/tone'])
    expect(await sent(set)).toBe('{"tone":"neutral"}')
    expect(await sent(set, { 'v:/tone': '' })).toBe('{"tone":""}')
    const unset = await press(set, 'unset:/tone')
    expect(await sent(unset)).toBe('{}')
    expect(focused(unset)).toEqual(['op'])
  })

  test('can be null where the schema says so', async () => {
    const { form, sent, press } = await withInputs({ tone: { type: 'str | None', required: false } })
    const asNull = await press(form, 'null:/tone')
    expect(words(fieldOf(asNull, 'tone'))).toContain('Null is sent')
    expect(await sent(asNull)).toBe('{"tone":null}')
    expect(await sent(await press(asNull, 'set:/tone'))).toBe('{"tone":""}')
  })

  test('cannot be null where the schema does not, whatever is sent', async () => {
    const { form, press } = await withInputs(tone)
    const set = await press(form, 'set:/tone')
    expect(words(fieldOf(set, 'tone'))).not.toContain('Null')
    const forced = await press(set, 'unset:/nobody', { 'm:/tone': 'null' })
    expect(fieldOf(forced, 'tone').querySelector('textarea')).toBeTruthy()
  })
})

describe('a required text', () => {
  const topic = { topic: { type: 'str', required: true } }

  test('that is blank is missed, unless it is meant', async () => {
    const { app, form, sent, press } = await withInputs(topic)
    const missed = await sendForm(app, form.entries)
    expect(missed.status).toBe(422)
    expect(saidIn(missed)).toEqual(['topic: This input is required. Send empty'])
    expect(focused(missed)).toEqual(['v:/topic'])
    const meant = await press(missed, 'empty:/topic')
    expect(words(fieldOf(meant, 'topic'))).toContain('An empty text is sent')
    expect(await sent(meant)).toBe('{"topic":""}')
    expect(await sent(await press(meant, 'set:/topic'), { 'v:/topic': ' ' })).toBe('{"topic":" "}')
  })

  test('that was empty in an earlier run is empty again', async () => {
    const { app, sent } = await withInputs(topic)
    expect(await sent(await openForm(app, { inputs: '{"topic": ""}' }))).toBe('{"topic":""}')
  })
})

describe('true and false', () => {
  test('are chosen beside not sending and null, without a button', async () => {
    const { form, sent } = await withInputs({ wanted: { type: 'Optional[bool]', required: false, default: true } })
    const labels = fieldOf(form, 'wanted').querySelectorAll('label').map(words)
    expect(labels).toEqual(['Not sent', 'True', 'False', 'Null'])
    expect(await sent(form)).toBe('{}')
    expect(await sent(form, { 'v:/wanted': 'false' })).toBe('{"wanted":false}')
    expect(await sent(form, { 'v:/wanted': 'null' })).toBe('{"wanted":null}')
  })

  test('are missed where one of them is required', async () => {
    const { app, form } = await withInputs({ needed: { type: 'bool', required: true } })
    expect(fieldOf(form, 'needed').querySelectorAll('label').map(words)).toEqual(['True', 'False'])
    expect(saidIn(await sendForm(app, form.entries))).toEqual(['needed: This input is required.'])
  })
})

test('a choice is a select, with not sending and null in it', async () => {
  const { app, form, sent } = await withInputs({
    level: { enum: ['brief', 2, null], required: false, default: 'brief' },
    style: { type: "Literal['a', '']", required: true },
  })
  const options = (name: string) => fieldOf(form, name).querySelectorAll('option').map(words)
  expect(options('level')).toEqual(['Not sent · default brief', 'brief', '2', 'Null'])
  expect(options('style')).toEqual(['Choose…', 'a', '""'])
  expect(saidIn(await sendForm(app, form.entries))).toEqual(['style: This input is required.'])
  expect(await sent(form, { 'v:/style': '""' })).toBe('{"style":""}')
  expect(await sent(form, { 'v:/style': '"a"', 'v:/level': 'null' })).toBe('{"level":null,"style":"a"}')
  expect(await sent(form, { 'v:/style': '"a"', 'v:/level': '2' })).toBe('{"level":2,"style":"a"}')
})

test.each(['int', 'float', 'date', 'Decimal'])('a blank %s that was set is an error', async (type) => {
  const { app, form, press } = await withInputs({ x: { type, required: false } })
  const set = await press(form, 'set:/x')
  expect(saidIn(await sendForm(app, set.entries))[0]).toMatch(/choose not to send it\.$/)
})

test.each([
  ['dict', '{}'],
  ['list[dict]', '[{}]'],
  ['Any', '""'],
])('%s that was set and left blank is empty', async (type, sent) => {
  const world = await withInputs({ x: { type, required: false } })
  expect(await world.sent(await world.press(world.form, 'set:/x'))).toBe(`{"x":${sent}}`)
})

describe('a list', () => {
  const tags = (required: boolean) => ({ tags: { type: 'list[str]', required } })
  const rows = (form: ShownForm) => form.entries.filter(([name]) => name === 'v:/tags').map(([, value]) => value)

  test('has a row for each item, to be added and removed', async () => {
    const { form, sent, press } = await withInputs(tags(true))
    expect(rows(form)).toEqual([''])
    const two = await press(form, 'add:/tags', { 'v:/tags': 'a' })
    expect(rows(two)).toEqual(['a', ''])
    expect(focused(two)).toEqual(['v:/tags'])
    expect(two.html.querySelector('[autofocus]')!.id).toBe('input-0-row-1')
    expect(await sent(two, { 'v:/tags': ['a', ' b\r\n'] })).toBe('{"tags":["a"," b\\n"]}')
    expect(await sent(two)).toBe('{"tags":["a",""]}')
    const less = await press(two, 'remove:/tags/0', { 'v:/tags': ['a', 'b'] })
    expect(rows(less)).toEqual(['b'])
    expect(await sent(less)).toBe('{"tags":["b"]}')
  })

  test('that is required and has no items is missed, unless it is meant', async () => {
    const { app, form, sent, press } = await withInputs(tags(true))
    const missed = await sendForm(app, form.entries)
    expect(saidIn(missed)).toEqual(['tags: This input is required. Send empty'])
    const meant = await press(missed, 'empty:/tags')
    expect(words(fieldOf(meant, 'tags'))).toContain('An empty list is sent')
    expect(await sent(meant)).toBe('{"tags":[]}')
    expect(rows(await press(meant, 'add:/tags'))).toEqual([''])
  })

  test('that is optional is empty when its last item is removed', async () => {
    const { form, sent, press } = await withInputs(tags(false))
    const set = await press(form, 'set:/tags')
    const emptied = await press(set, 'remove:/tags/0')
    expect(words(fieldOf(emptied, 'tags'))).toContain('An empty list is sent')
    expect(focused(emptied)).toEqual(['op'])
    expect(await sent(emptied)).toBe('{"tags":[]}')
    expect(await sent(await press(emptied, 'unset:/tags'))).toBe('{}')
  })

  test('tells each wrong item at its row', async () => {
    const { app, form } = await withInputs({ n: { type: 'list[int]', required: true } })
    const answer = await sendForm(app, typed(form.entries, { 'v:/n': ['1', 'two', ''] }))
    expect(saidIn(answer)).toEqual(['n: Item 2: Enter a whole number.', 'n: Item 3: Enter a whole number.'])
    expect(answer.html.querySelector('[autofocus]')!.id).toBe('input-0-row-1')
  })
})

describe('a group', () => {
  const properties = { city: { type: 'string' }, zip: { type: 'integer' } }
  const address = (required: boolean) => ({
    address: { type: { type: 'object', properties, required: ['city'] }, required },
  })

  test('that is optional is not sent until it is set', async () => {
    const { app, form, sent, press } = await withInputs(address(false))
    expect(await sent(form)).toBe('{}')
    const set = await press(form, 'set:/address')
    expect(focused(set)).toEqual(['v:/address/city'])
    expect(saidIn(await sendForm(app, set.entries))).toEqual(['city: This input is required. Send empty'])
    expect(await sent(set, { 'v:/address/city': 'Berlin' })).toBe('{"address":{"city":"Berlin"}}')
    const both = await press(set, 'set:/address/zip', { 'v:/address/city': 'Berlin' })
    expect(await sent(both, { 'v:/address/zip': '10115' })).toBe('{"address":{"city":"Berlin","zip":10115}}')
  })

  test('that holds more than it has inputs for is shown as JSON, and can be given its form back', async () => {
    const { app, sent, press } = await withInputs(address(true))
    const inputs = '{"address": {"city": "Berlin", "floor": 1.0}}'
    const form = await openForm(app, { inputs })
    expect(fieldOf(form, 'address').querySelector('textarea.code')!.text.trim()).toBe(
      '{"city": "Berlin", "floor": 1.0}',
    )
    expect(JSON.parse(await sent(form))).toEqual(JSON.parse(inputs))
    const back = await press(form, 'set:/address')
    expect(back.entries.map(([name]) => name)).toContain('v:/address/city')
  })
})

test('outputs that are listed among the inputs are folded away, until they are used', async () => {
  const inputs = { topic: 'str', result: { type: 'str', required: false }, score: { type: 'float', required: false } }
  const { form, sent, press } = await withInputs(inputs, ['result', 'score', 'topic'])
  const folded = ({ html }: ShownForm) => html.querySelector('#more-inputs')!
  expect(folded(form).querySelectorAll('.field .name').map(words)).toEqual(['result', 'score'])
  expect(folded(form).hasAttribute('open')).toBe(false)
  const set = await press(form, 'set:/result')
  expect(folded(set).hasAttribute('open')).toBe(true)
  expect(await sent(set, { 'v:/topic': 'a', 'v:/result': 'b' })).toBe('{"topic":"a","result":"b"}')
})

test('pressing buttons executes nothing, and keeps the token and all that was typed', async () => {
  const { agent, form, press } = await withInputs({ a: 'str', b: { type: 'int', required: false } })
  const set = await press(form, 'set:/b', { 'v:/a': '\n\n x ' })
  expect(Object.fromEntries(set.entries)).toEqual({
    ...Object.fromEntries(form.entries),
    'v:/a': '\n\n x ',
    'v:/b': '',
  })
  expect(agent.requests.filter(({ url }) => url === '/run')).toEqual([])
})

test.each(['set', 'set:', 'remove:/a/x', 'nonsense:/a', 'constructor:/a', 'view:', 'view:other', 'remove:', 'add:/b'])(
  'a button that is none, %j, changes nothing that matters',
  async (op) => {
    const { form, press, sent } = await withInputs({ a: 'str', b: { type: 'int', required: false } })
    const answer = await press(form, op, { 'v:/a': 'x' })
    expect(answer.status).toBe(200)
    expect(await sent(answer, op === 'add:/b' ? { 'v:/b': '1' } : {})).toContain('"a":"x"')
  },
)
