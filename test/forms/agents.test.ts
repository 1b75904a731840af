import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { text as answer, startAgent } from '../support/agents/agent.ts'
import { buildTestApp, ended, register } from '../support/app.ts'
import { openForm, runIdOf, type ShownForm, saidIn, sendForm } from '../support/forms/execute-form.ts'
import { fillIn, type Value } from '../support/forms/fill-in.ts'
import { object, text } from '../support/forms/schemas.ts'

// Schemas as people have them, in two dialects: none needs JSON written by hand.

const chat = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello\nthere' },
  ],
  thread_id: '1b4e28ba-2fa1-11d2-883f-0016d3cca427',
  llm: {
    provider: 'anthropic',
    model: 'm-1',
    temperature: 0.25,
    max_tokens: null,
    stop: ['END', '\\n'],
    extra_headers: { 'x-team': 'search' },
  },
  stream: true,
}
const doc = {
  question: 'What is the notice period?',
  document: 'A text\nof two lines',
  file_b64: 'JVBERi0=',
  pages: [1, 12],
  answer_schema: { type: 'object', required: ['days'], strict: true },
  mode: 'compare',
}
const emaildraft = {
  subject: 'Hello',
  to: [
    { name: 'Ada', email: 'ada@example.com' },
    { name: 'Bob', email: 'bob@example.com' },
  ],
  tones: ['formal', 'playful'],
  bullet_points: ['one, and more', 'two'],
  send_at: '2026-11-22T16:30:00Z',
  signature: 'Bye,\nme',
  api_key: 'k-1',
}
const research = {
  topic: 'Heat pumps',
  depth: 'deep',
  max_sources: 7,
  include_domains: ['a.org'],
  exclude_domains: null,
  since: '2026-01-31',
  language: 'de',
  output_format: 'markdown',
}
const sql = {
  question: 'How many?',
  dialect: 'sqlite',
  tables: { orders: [{ name: 'id', dtype: 'int' }, { name: 'total' }], users: [{ name: 'id' }] },
  limit: 20,
  dry_run: false,
  params: { name: 'x', count: 3, exact: true, none: null },
}

const agents: Record<string, Record<string, Value>> = { chat, doc, emaildraft, research, sql }
const files = Object.keys(agents).flatMap((agent) => [`${agent}.json-schema`, `${agent}.python-types`])

async function withSchema(schema: string) {
  const agent = await startAgent({ schema: answer(schema, 200, 'application/json') })
  const app = await buildTestApp()
  await register(app, agent.url)
  async function sent(form: ShownForm): Promise<string> {
    const shown = await sendForm(app, form.entries)
    expect(saidIn(shown)).toEqual([])
    await ended(app, runIdOf(shown))
    return agent.requests.findLast(({ url }) => url === '/run')!.body
  }
  return { app, sent }
}

async function filled(app: Parameters<typeof openForm>[0], values: Record<string, Value>): Promise<ShownForm> {
  let form = await openForm(app)
  for (const [name, value] of Object.entries(values)) form = await fillIn(app, form, `/${name}`, value)
  return form
}

test.each(files)('%s is filled in by its controls alone, and the agent gets exactly that', async (file) => {
  const { app, sent } = await withSchema(readFileSync(`test/forms/agents/${file}.json`, 'utf8'))
  const values = agents[file.split('.')[0]!]!
  const form = await filled(app, values)
  expect(form.html.querySelectorAll('textarea.code')).toEqual([])
  expect(await sent(form)).toBe(JSON.stringify(values))
})

const ref = (name: string) => ({ $ref: `#/$defs/${name}` })
const variant = (kind: string, properties: object, keyword: 'const' | 'enum' = 'const') =>
  object({
    kind: keyword === 'const' ? { type: 'string', const: kind } : { type: 'string', enum: [kind] },
    ...properties,
  })

/** Like those: what pydantic, zod, FastAPI, OpenAPI 3.1 and hands write. */
const others: Record<string, { schema: object; values: Record<string, Value> }> = {
  'a discriminated union of pydantic, with a default for its tag': {
    schema: object(
      {
        target: {
          discriminator: { propertyName: 'kind', mapping: { mail: '#/$defs/Mail', chat: '#/$defs/Chat' } },
          oneOf: [ref('Mail'), ref('Chat')],
        },
      },
      ['target'],
      {
        $defs: {
          Mail: object(
            { kind: { const: 'mail', default: 'mail', type: 'string' }, address: { ...text, format: 'email' } },
            ['address'],
          ),
          Chat: object({ kind: { const: 'chat', default: 'chat', type: 'string' }, room: { type: 'integer' } }, [
            'room',
          ]),
        },
      },
    ),
    values: { target: { kind: 'chat', room: 7 } },
  },
  'steps of zod, tagged in lists, with a tuple and a record': {
    schema: object({
      steps: {
        type: 'array',
        items: {
          anyOf: [
            variant('move', {
              to: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }], items: false },
            }),
            variant('say', { words: { type: 'array', items: text } }),
          ],
        },
      },
      labels: { type: 'object', propertyNames: text, additionalProperties: { type: 'boolean' } },
    }),
    values: {
      steps: [
        { kind: 'say', words: ['a', 'b, c'] },
        { kind: 'move', to: [1.5, -2] },
      ],
      labels: { urgent: true, old: false },
    },
  },
  'draft 7 of zod, with a tuple of items and numbers with bounds': {
    schema: {
      inputs: {
        range: { type: 'array', minItems: 2, maxItems: 2, items: [{ type: 'integer' }, text], required: true },
        score: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
      },
    },
    values: { range: [3, 'x'], score: 0.5 },
  },
  'a chat of OpenAPI, whose content is text or parts': {
    schema: object({
      messages: {
        type: 'array',
        minItems: 1,
        items: object({
          role: { enum: ['user', 'assistant'] },
          content: {
            oneOf: [
              text,
              {
                type: 'array',
                items: {
                  oneOf: [
                    variant('text', { text }, 'enum'),
                    variant('image', { url: { ...text, format: 'uri' }, detail: { type: ['string', 'null'] } }, 'enum'),
                  ],
                },
              },
            ],
          },
        }),
      },
    }),
    values: {
      messages: [
        { role: 'user', content: 'Look.' },
        { role: 'user', content: [{ kind: 'image', url: 'https://a.org/x.png', detail: null }] },
      ],
    },
  },
  'what FastAPI makes of Decimal, a set, an optional model and a model in a dict': {
    schema: object(
      {
        price: { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$' }] },
        codes: { type: 'array', uniqueItems: true, items: { type: 'integer' } },
        owner: { anyOf: [ref('Owner'), { type: 'null' }], default: null },
        seats: { type: 'object', additionalProperties: ref('Owner') },
      },
      ['price', 'codes', 'seats'],
      { $defs: { Owner: object({ id: { ...text, format: 'uuid' }, age: { type: 'integer', default: 18 } }, ['id']) } },
    ),
    values: { price: 19.99, codes: [1, 2], owner: { id: 'o-1', age: 40 }, seats: { a1: { id: 'o-2' } } },
  },
  'matrices, nullable items and lists of lists': {
    schema: {
      inputs: {
        matrix: 'list[list[float]]',
        names: 'list[str | None]',
        groups: { type: { type: 'array', items: { type: 'array', items: object({ name: text }) } } },
      },
    },
    values: {
      matrix: [
        [1, 2.5],
        [3, 4],
      ],
      names: ['a', null],
      groups: [[{ name: 'x' }, { name: 'y' }], [{ name: 'z' }]],
    },
  },
  'Python types with classes of their own': {
    schema: {
      inputs: {
        when: 'datetime.date',
        point: 'tuple[float, float, str]',
        scores: 'Mapping[str, float]',
        rest: 'tuple[int, ...]',
        filter: 'Optional[Filter]',
        either: 'Union[int, list[str], dict[str, bool]]',
        path: 'pathlib.Path',
      },
    },
    values: {
      when: '2026-11-22',
      point: [1, 2, 'm'],
      scores: { a: 0.5 },
      rest: [1, 2],
      filter: { field: 'age', min: 18, tags: ['x'], nested: { deep: true } },
      either: { on: true },
      path: '/tmp/x',
    },
  },
  'a tree that holds itself': {
    schema: object({ root: ref('Node') }, ['root'], {
      $defs: { Node: object({ name: text, children: { type: 'array', items: ref('Node') } }, ['name']) },
    }),
    values: { root: { name: 'a', children: [{ name: 'b', children: [{ name: 'c' }] }, { name: 'd' }] } },
  },
}

test.each(Object.entries(others))('%s needs no JSON either', async (_, { schema, values }) => {
  const { app, sent } = await withSchema(JSON.stringify(schema))
  const form = await filled(app, values)
  expect(form.html.querySelectorAll('textarea.code')).toEqual([])
  expect(JSON.parse(await sent(form))).toEqual(values)
})
