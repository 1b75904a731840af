import { expect, test } from 'vitest'
import { type InputSchema, readInputSchema } from '../../../src/agent/schema/input-schema.ts'
import { fieldSuggestions } from '../../../src/orchestrator/history/search/field-suggestions.ts'
import { parseSearch } from '../../../src/orchestrator/history/search/parse.ts'

function schemaOf(inputs: Record<string, unknown>, outputs?: string[]): InputSchema {
  return readInputSchema(JSON.stringify({ inputs, outputs })) as InputSchema
}

const spoken = (schema: InputSchema | undefined, outputs: unknown[] = [], inputs: unknown[] = []) =>
  fieldSuggestions(schema ? [schema] : [], {
    in: inputs.map((value) => JSON.stringify(value)),
    out: outputs.map((value) => JSON.stringify(value)),
  }).map(({ name, kind, values }) => [name, kind, ...values].join(' '))

test('the inputs of the schema are suggested, with their kinds', () => {
  const schema = schemaOf({
    topic: { type: 'str' },
    depth: { type: 'int' },
    'is draft': { type: 'bool' },
    tags: { type: 'list[str]' },
    style: { type: { enum: ['formal', 'casual'] } },
    level: { type: { enum: [1, 2] } },
    options: { type: { type: 'object', properties: { speed: { type: 'number' }, extra: {} } } },
  })
  expect(spoken(schema)).toEqual([
    'in.topic text',
    'in.depth number',
    'in."is draft" boolean true false',
    'in.tags text',
    'in.style text formal casual',
    'in.level number 1 2',
    'in.options.speed number',
    'in.options.extra any',
  ])
})

test('passwords are not, as no run keeps them', () => {
  const schema = schemaOf({ name: { type: 'str' }, key: { type: { type: 'string', format: 'password' } } })
  expect(spoken(schema)).toEqual(['in.name text'])
})

test('what stands in recent outputs is suggested, through lists and objects', () => {
  const recent = [
    { article: 'x', score: 0.5, ok: true, nothing: null, items: [{ score: 1 }, { score: 'high' }], tags: [[1], 'a'] },
    { score: 2, meta: { model: { name: 'm' } } },
  ]
  expect(spoken(undefined, recent)).toEqual([
    'out.article text',
    'out.score number',
    'out.ok boolean true false',
    'out.items.score any',
    'out.tags text',
    'out.meta.model.name text',
  ])
})

test('what stands in recent inputs is suggested, where no schema knows better', () => {
  const schema = schemaOf({ style: { type: { enum: ['formal', 'casual'] } }, page: { type: { type: 'object' } } })
  const recent = [
    { style: 'formal', topic: 'x', page: { size: 3 } },
    { topic: 'y', n: 2 },
  ]
  expect(spoken(schema, [{ score: 1 }], recent)).toEqual([
    'in.style text formal casual',
    'in.page any',
    'in.topic text',
    'in.page.size number',
    'in.n number',
    'out.score number',
  ])
})

test('outputs that the schema names are suggested as outputs, seen or not', () => {
  const schema = schemaOf({ topic: { type: 'str' }, article: { type: 'str' } }, ['article', 'report', 'meta'])
  expect(spoken(schema, [{ article: 'x', meta: { model: 'm' } }])).toEqual([
    'in.topic text',
    'out.article text',
    'out.meta.model text',
    'out.report any',
  ])
})

test('each can be searched for', () => {
  const names = fieldSuggestions([schemaOf({ 'my "field".x': { type: 'str' }, '': { type: 'str' } })], {
    in: [],
    out: ['{"a.b":1,"ü":2}'],
  })
  expect(names).toHaveLength(4)
  for (const { name } of names) expect(parseSearch(`${name}:1`)).toMatchObject({ value: [{ kind: 'field' }] })
})

test('outputs of any kind give no more than a hundred names, and no failure', () => {
  const wide = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, { a: 1, b: 2, c: 3 }]))
  expect(spoken(undefined, [wide])).toHaveLength(100)
  const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  const lists = `${'['.repeat(5000)}${']'.repeat(5000)}`
  expect(
    fieldSuggestions([], { in: [], out: [objects(900), objects(5000), lists, 'None', 'plain', '', '[1]'] }),
  ).toEqual([{ name: 'out.a.a.a.a', kind: 'any', values: [] }])
  expect(fieldSuggestions([], { in: [], out: [`{'n': 1, 's': None}`] })).toMatchObject([
    { name: 'out.n', kind: 'number' },
  ])
})
