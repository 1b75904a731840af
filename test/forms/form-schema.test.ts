import { describe, expect, test } from 'vitest'
import { json, startAgent, text } from '../support/agents/agent.ts'
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

async function withSchema(schema: object | string) {
  const agent = await startAgent({
    schema: text(typeof schema === 'string' ? schema : JSON.stringify(schema), 200, 'application/json'),
  })
  const app = await buildTestApp()
  await register(app, agent.url)
  const bodies = () => agent.requests.filter(({ url }) => url === '/run').map(({ body }) => body)
  /** Executes a form and resolves to what the agent got. */
  async function sent(form: ShownForm, changes: Record<string, string> = {}): Promise<string> {
    const answer = await sendForm(app, typed(form.entries, changes))
    expect(saidIn(answer)).toEqual([])
    await ended(app, runIdOf(answer))
    return bodies().at(-1)!
  }
  return { app, agent, bodies, sent, form: await openForm(app) }
}

const request = { type: 'object', properties: { topic: { type: 'string' }, tags: true }, required: ['topic'] }

test.each([
  { $ref: '#/$defs/Request', $defs: { Request: request } },
  { allOf: [{ $ref: '#/definitions/Request' }], definitions: { Request: request } },
  { properties: request.properties, required: request.required },
  { workflow: 'w', inputs: { ...request, type: ['object'] } },
])('a schema gives a form however its object is written: %j', async (schema) => {
  const { form, sent } = await withSchema(schema)
  expect(words(fieldOf(form, 'topic'))).toContain('string')
  expect(words(fieldOf(form, 'tags'))).toContain('Not sent')
  expect(await sent(form, { 'v:/topic': 'a' })).toBe('{"topic":"a"}')
})

test.each([{ type: 'object' }, { inputs: true }, { inputs: { $ref: 'https://example.com/request.json' } }])(
  'a schema that names no inputs gives the JSON view: %j',
  async (schema) => {
    const { app, form, sent } = await withSchema(schema)
    expect(words(fieldOf(form, 'Inputs as JSON'))).toContain("The agent's schema names no inputs.")
    expect(form.html.querySelector('.dialog-note')!.text).toContain('inputs as JSON')
    expect(form.html.querySelectorAll('[aria-pressed]')).toEqual([])
    expect(await sent(form, { json: '{"any": [1.0]}' })).toBe('{"any": [1.0]}')
    expect((await page(app, '/orchestrator/writer')).text).toContain('The schema names no inputs.')
  },
)

describe('an input that can only be one value', () => {
  const inputs = {
    kind: { type: "Literal['report']", required: true },
    mode: { type: { const: 'fast', title: 'The mode' }, required: true },
    version: { type: { $ref: '#/$defs/Version' }, required: true },
    other: { type: "Literal['x']", required: false },
    perhaps: { type: "Optional[Literal['y']]", required: true },
  }
  const schema = { workflow: 'w', inputs, $defs: { Version: { enum: [2], title: 'Version', type: 'integer' } } }
  const chosen = (form: ShownForm, name: string) => {
    const fixed = fieldOf(form, name).querySelector('.fixed code')
    if (fixed) return words(fixed)
    const options = fieldOf(form, name).querySelectorAll('option')
    return words(options.find((option) => option.hasAttribute('selected')) ?? options[0]!)
  }

  test('shows it, chosen already where it has to be sent', async () => {
    const { form, sent } = await withSchema(schema)
    expect(Object.keys(inputs).map((name) => chosen(form, name))).toEqual([
      'report',
      'fast',
      '2',
      'Not sent',
      'Choose…',
    ])
    expect(words(fieldOf(form, 'kind'))).not.toContain('Choose…')
    expect(await sent(form, { 'v:/perhaps': '"y"' })).toBe('{"kind":"report","mode":"fast","version":2,"perhaps":"y"}')
  })

  test('in a group or a list that is set, too', async () => {
    const step = { type: 'object', properties: { kind: { const: 'step' } }, required: ['kind'] }
    const kinds = { type: 'array', items: { const: 'a' } }
    const { app, form, sent } = await withSchema({
      inputs: { step: { type: step, required: false }, kinds: { type: kinds, required: false } },
    })
    const set = await sendForm(app, (await sendForm(app, form.entries, 'set:/step')).entries, 'set:/kinds')
    expect(await sent(await sendForm(app, set.entries, 'add:/kinds'))).toBe(
      '{"step":{"kind":"step"},"kinds":["a","a"]}',
    )
  })
})

describe('an open form', () => {
  const schemaAt = (moment: string, inputs: object) => json({ generated_at: moment, workflow: 'w', inputs })
  const topic = { type: 'str', required: true }

  test.each<[string, object, object]>([
    ['a moment beside the inputs', { topic }, { topic }],
    [
      'a default',
      { topic, at: { type: 'str', default: '16:30:01' } },
      { topic, at: { type: 'str', default: '16:31' } },
    ],
    ['words for people', { topic: { ...topic, description: 'a' } }, { topic: { ...topic, description: 'b' } }],
    ['the order of inputs', { topic, a: { type: 'int', default: 1 } }, { a: { type: 'int', default: 1 }, topic }],
    [
      'the order of options',
      { topic, of: { type: { enum: ['a', 'b'] }, required: false } },
      { topic, of: { required: false, type: { enum: ['b', 'a'] } } },
    ],
  ])('is carried out when the schema differs in nothing but %s', async (_, before, after) => {
    const { app, agent, sent } = await withSchema('{"inputs":{}}')
    agent.handlers.schema = schemaAt('2026-11-22T16:30:00', before)
    const form = await openForm(app)
    agent.handlers.schema = schemaAt('2026-11-22T16:31:00', after)
    await openForm(app)
    expect(await sent(form, { 'v:/topic': 'a' })).toBe('{"topic":"a"}')
  })

  test.each<[string, object]>([
    ['is of another type', { topic: { type: 'int', required: true } }],
    ['is optional now', { topic: { type: 'str', required: false } }],
    ['is new', { topic, more: { type: 'str', required: false } }],
    ['has another option', { topic: { type: "Literal['a']", required: true } }],
  ])('is shown again when an input %s', async (_, after) => {
    const { app, agent } = await withSchema({ inputs: { topic } })
    const form = await openForm(app)
    agent.handlers.schema = json({ inputs: after })
    await openForm(app)
    const answer = await sendForm(app, typed(form.entries, { 'v:/topic': 'a' }))
    expect(saidIn(answer)[0]).toContain("The agent's inputs have changed since this form was opened.")
  })
})

test('what pydantic takes by API is sent on as it is', async () => {
  const inputs = {
    n: { type: 'int' },
    x: { type: 'float' },
    price: { type: 'Decimal' },
    yes: { type: 'bool' },
    extra: { type: 'object', required: false },
  }
  const { app, bodies } = await withSchema({ inputs })
  const given = '{"n":"7","x":"1e-3","price":"1.10","yes":1,"extra":null}'
  const { status, json: answer } = await api(app, 'POST', '/orchestrator/writer/execute', `{"inputs":${given}}`)
  expect(status).toBe(200)
  await ended(app, answer.run_id)
  expect(bodies()).toEqual([given])
  const refused = await api(app, 'POST', '/orchestrator/writer/execute', {
    inputs: { n: 'seven', x: null, price: [], yes: 'perhaps', extra: '{}' },
  })
  expect(refused.status).toBe(422)
  expect(refused.json.errors.map(({ field }: { field: string }) => field)).toEqual(Object.keys(inputs))
})
