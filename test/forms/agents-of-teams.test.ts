import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { buildTestApp, ended, register } from '../support/app.ts'
import { openForm, runIdOf, saidIn, sendForm } from '../support/forms/execute-form.ts'
import { fillIn, type Value } from '../support/forms/fill-in.ts'
import { object, text } from '../support/forms/schemas.ts'

// More agents as teams have them, by what they do. None needs JSON written by hand, and each gets what was typed.

const mail = { type: 'string', format: 'email' }
const orNull = (type: object) => ({ anyOf: [type, { type: 'null' }], default: null })
const list = (items: object) => ({ type: 'array', items })

const agents: Record<string, [schema: object, values: Record<string, Value>]> = {
  'answers from documents': [
    object(
      {
        query: text,
        top_k: { type: 'integer', default: 5, minimum: 1, maximum: 50 },
        filters: { type: 'object', additionalProperties: { anyOf: [text, { type: 'number' }, { type: 'boolean' }] } },
        rerank: orNull({ type: 'boolean' }),
        history: list(object({ q: text, a: text })),
      },
      ['query'],
    ),
    {
      query: 'q',
      top_k: 7,
      filters: { lang: 'de', year: 2024, open: true },
      rerank: true,
      history: [{ q: 'a', a: 'b' }],
    },
  ],
  'translates into one of 300 languages': [
    object({
      text,
      target: { type: 'string', enum: Array.from({ length: 300 }, (_, index) => `lang-${index}`) },
      glossary: { type: 'object', patternProperties: { '^[a-z]+$': text }, additionalProperties: false },
      formality: {
        oneOf: [
          { const: 'more', title: 'Formal' },
          { const: 'less', title: 'Informal' },
        ],
      },
    }),
    { text: 'hé 🙂 שלום', target: 'lang-287', glossary: { cat: 'Katze' }, formality: 'less' },
  ],
  'reads invoices': [
    object({
      file: { type: 'string', contentEncoding: 'base64', contentMediaType: 'application/pdf' },
      currency: { const: 'EUR' },
      total: { type: 'string', format: 'decimal' },
      id: { type: 'integer', format: 'int64' },
      lines: list({ allOf: [object({ sku: text }), object({ qty: { type: 'integer' } })] }),
    }),
    { file: 'JVBERi0=', currency: 'EUR', total: '12.30', id: 42, lines: [{ sku: 'a', qty: 2 }] },
  ],
  'transcodes videos': [
    object({
      src: { type: 'string', format: 'uri' },
      size: { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'integer' }], items: false, minItems: 2 },
      outputs: list({
        oneOf: [
          object({ codec: { const: 'h264' }, crf: { type: 'integer' } }),
          object({ codec: { const: 'av1' }, speed: { type: 'number' } }),
        ],
        discriminator: { propertyName: 'codec' },
      }),
    }),
    {
      src: 'https://a.org/v.mp4',
      size: [1920, 1080],
      outputs: [
        { codec: 'av1', speed: 0.5 },
        { codec: 'h264', crf: 23 },
      ],
    },
  ],
  'enriches customers, with everything nullable': [
    object(
      {
        email: orNull(mail),
        company: orNull(object({ name: orNull(text), size: orNull({ type: 'integer' }) }, [])),
        tags: orNull(list(orNull(text))),
        score: { type: ['number', 'null'] },
      },
      ['email', 'company', 'tags', 'score'],
    ),
    { email: 'a@b.org', company: { name: null, size: 5 }, tags: ['x', null], score: null },
  ],
  'reviews code': [
    object({
      repo: { type: 'string', format: 'uri' },
      pr: { type: 'integer', exclusiveMinimum: 0 },
      rules: { ...list({ enum: ['security', 'style', 'perf'] }), uniqueItems: true },
      severity: { type: 'integer', enum: [1, 2, 3] },
      ignore: { anyOf: [text, list(text)] },
    }),
    { repo: 'https://a.org/r', pr: 5, rules: ['style', 'perf'], severity: 2, ignore: ['a', 'b'] },
  ],
  'schedules in an hour that its zone leaves out': [
    object({
      start: { type: 'string', format: 'date-time' },
      day: { type: 'string', format: 'date' },
      at: { type: 'string', format: 'time' },
      length: { type: 'string', format: 'duration' },
      zone: { type: 'string', examples: ['Europe/Berlin'] },
      who: { ...list(mail), minItems: 1 },
    }),
    {
      start: '2026-03-29T02:30:00+01:00',
      day: '2026-03-29',
      at: '02:30:00Z',
      length: 'PT1H',
      zone: 'Europe/Berlin',
      who: ['a@b.org'],
    },
  ],
  'is a tool of MCP': [
    {
      name: 'search',
      inputSchema: object({
        q: text,
        opts: object({ deep: { type: 'boolean' }, max: { type: 'integer', default: 3 } }, ['deep']),
      }),
    },
    { q: 'a', opts: { deep: false, max: 9 } },
  ],
  'follows rules that hold rules': [
    object({ root: { $ref: '#/$defs/Rule' } }, ['root'], {
      $defs: { Rule: { anyOf: [object({ field: text, eq: text }), object({ all: list({ $ref: '#/$defs/Rule' }) })] } },
    }),
    { root: { all: [{ field: 'a', eq: 'b' }, { all: [{ field: 'c', eq: 'd' }] }] } },
  ],
  'has deep inputs': [
    object({
      a: object({ b: object({ c: object({ d: list(object({ e: orNull({ type: 'number' }) }, [])) }) }) }),
      any: {},
      price: { anyOf: [{ type: 'number' }, text] },
    }),
    { a: { b: { c: { d: [{ e: 1.25 }] } } }, any: { k: 1 }, price: 9.5 },
  ],
}

test.each(Object.entries(agents))('an agent that %s', async (_, [schema, values]) => {
  const agent = await startAgent({ schema: json(schema) })
  const app = await buildTestApp()
  await register(app, agent.url)
  let form = await openForm(app)
  for (const [name, value] of Object.entries(values)) form = await fillIn(app, form, `/${name}`, value)
  expect(form.html.querySelectorAll('textarea.code')).toEqual([])
  const answer = await sendForm(app, form.entries)
  expect(saidIn(answer)).toEqual([])
  await ended(app, runIdOf(answer))
  expect(agent.requests.findLast(({ url }) => url === '/run')!.body).toBe(JSON.stringify(values))
})
