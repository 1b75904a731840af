import { expect, test } from 'vitest'
import { readInputSchema } from '../../src/agent/schema/input-schema.ts'
import { placeErrors } from '../../src/orchestrator/forms/agent-errors.ts'
import { formOf } from '../../src/orchestrator/forms/form.ts'

const schema = readInputSchema(
  JSON.stringify({
    workflow: 'w',
    inputs: {
      topic: { type: 'str', required: true },
      messages: { type: 'list[dict]', required: true },
      tags: { type: 'list[str]' },
      'a.b': { type: 'str' },
    },
  }),
)
if (typeof schema === 'string') throw new Error(schema)
const { fields } = formOf(schema, '{"messages":[{}],"tags":["x","y"],"a.b":"z","topic":"t"}')
const said = (field: string, message = 'Wrong.') => ({ field, message })

test('all that an agent said of one field stands there, with its place inside', () => {
  const reported = [said('messages.4.content', 'Not a string.'), said('messages'), said('messages.5.role', 'Missing.')]
  const { errors, others } = placeErrors(fields, reported)
  expect([...errors]).toEqual([['/messages', 'messages.4.content: Not a string; Wrong; messages.5.role: Missing.']])
  expect(others).toEqual([])
})

test.each([
  ['a row of a list', 'tags.1', '/tags/1'],
  ['a row that is not there', 'tags.7', '/tags'],
  ['a name with a dot', 'a.b', '/a.b'],
  ['a name in another case', 'Topic', '/topic'],
  ['a name inside of another', 'payload.topic', '/topic'],
  ['a method and its parameter', 'run.request.topic', '/topic'],
])('what is said of %s finds its control', (_what, field, pointer) => {
  expect([...placeErrors(fields, [said(field)]).errors.keys()]).toEqual([pointer])
})

test.each(['', 'elsewhere', 'elsewhere.x', 'a', 'topics', 'one.two.three.topic'])(
  'what is said of %j, which no control gives, is told beside the form',
  (field) => {
    const { errors, others } = placeErrors(fields, [said(field)])
    expect([errors.size, others]).toEqual([0, [field === '' ? 'Wrong.' : `${field}: Wrong.`]])
  },
)
