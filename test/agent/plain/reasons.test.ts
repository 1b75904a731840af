import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJob, readRun } from '../../../src/agent/plain/messages.ts'
import { readReason, reasonIn } from '../../../src/agent/plain/reasons.ts'
import { reply } from '../../support/agents/reply.ts'

const textOf = (body: unknown, status = 500, statusText = '') => readReason(reply(body, { status, statusText })).text

test.each([
  ['a sentence', { detail: 'No budget' }, 'No budget'],
  ['an object with one', { detail: { message: 'No budget', code: 'E7' } }, 'No budget'],
  ['an object with a reason', { detail: { reason: 'No budget' } }, 'No budget'],
  ['an object of its own', { detail: { code: 'E7', retry: true, after: 3 } }, 'code: E7; retry: true; after: 3'],
  ['an error in an error', { error: { error: { message: 'No budget' } } }, 'No budget'],
  ['Spring without a message', { timestamp: 't', status: 500, error: 'Internal Server Error', path: '/run' }, ''],
  ['Spring with one', { status: 500, error: 'Internal Server Error', message: 'No budget', path: '/run' }, 'No budget'],
  ['a problem', { title: 'Out of credit.', detail: 'You have 30.', status: 500 }, 'Out of credit: You have 30.'],
  ['a problem that only has its title', { type: 'about:blank', title: 'No budget', status: 500 }, 'No budget'],
  ['a code and a sentence', { error: 'quota_exceeded', message: 'No budget' }, 'quota_exceeded: No budget'],
  ['the same twice', { error: 'No budget', message: 'No budget' }, 'No budget'],
  ['a list of sentences', { errors: ['No budget', 'No key'] }, 'No budget; No key'],
  ['a list of objects', { errors: [{ message: 'No budget' }, { detail: 'No key' }] }, 'No budget; No key'],
  ['a list alone', [{ msg: 'No budget' }, 'No key'], 'No budget; No key'],
  ['a string alone', '"No budget"', 'No budget'],
  ['Lambda', { errorMessage: 'No budget', errorType: 'ValueError', stackTrace: [] }, 'No budget'],
  ['AWS', { message: 'No budget', __type: 'X' }, 'No budget'],
  ['Flask', { code: 500, name: 'Internal Server Error', description: 'No budget' }, 'No budget'],
  ['flask-restful', { message: { topic: 'Too long' } }, 'topic: Too long'],
  ['another script', { detail: '预算不足 500' }, '预算不足 500'],
  ['plain text', 'No budget\n', 'No budget'],
  [
    'Rails',
    { status: 500, error: 'Internal Server Error', exception: '#<RuntimeError: no key>', traces: {} },
    '#<RuntimeError: no key>',
  ],
  ['Laravel', { message: 'No key', exception: 'RuntimeException', file: '/a.php', line: 3, trace: [] }, 'No key'],
  ['Slim', { message: 'No luck', exception: [{ type: 'X', message: 'No key' }] }, 'No luck; No key'],
  ['Micronaut', { _embedded: { errors: [{ message: 'No key' }] }, message: 'Internal Server Error' }, 'No key'],
  ['OData', { error: { code: 'X', message: { lang: 'en', value: 'No key' } } }, 'No key'],
  ['nothing', {}, ''],
  ['null', { detail: null, error: null, message: '' }, ''],
])('a reason is read from %s', (_what, body, text) => expect(textOf(body)).toBe(text))

test.each([
  [404, 'Not Found'],
  [404, 'not found.'],
  [404, 'NOT_FOUND'],
  [404, 'NotFoundException'],
  [404, '404: Not Found'],
  [404, '404 page not found'],
  [400, 'BadRequestError'],
  [500, 'HTTP 500: Internal Server Error'],
  [500, 'InternalServerException'],
  [500, 'Server Error'],
  [503, 'Service Unavailable'],
  [422, 'Unprocessable Content'],
  [500, 'Error'],
  [520, 'Odd Thing'],
])('a phrase that only repeats the status %i is skipped: %s', (status, phrase) => {
  const statusText = status === 520 ? 'Odd Thing' : ''
  expect(textOf({ detail: phrase }, status, statusText)).toBe('')
  expect(textOf(phrase, status, statusText)).toBe('')
  expect(textOf({ error: phrase, message: 'No model' }, status, statusText)).toBe('No model')
})

test.each([
  [404, 'Model not found'],
  [500, 'Bad Gateway'],
  [500, 'Error in step 2'],
  [429, 'Too many requests for gpt-4'],
])('a phrase that says more than the status %i stays: %s', (status, phrase) => {
  expect(textOf({ detail: phrase }, status)).toBe(phrase)
})

test('a sentence beside the details is told when it adds something', () => {
  const details = [{ loc: ['body', 'topic'], msg: 'Too long' }]
  expect(textOf({ message: 'Validation failed', errors: details }, 422)).toBe('topic: Too long')
  expect(textOf({ message: 'Ask for a larger plan', errors: details }, 422)).toBe(
    'Ask for a larger plan; topic: Too long',
  )
})

test('of a failure told in a 200, what is no error is not taken for the reason', () => {
  expect(reasonIn({ status: 'failed', step: 'summary', progress: 40 })).toEqual({ text: '', fields: [] })
  expect(reasonIn({ statusCode: 500, error: 'Internal Server Error', message: 'No key' }).text).toBe('No key')
})

test('details that name no input are told, and are no fault of the inputs', () => {
  const answer = readRun(reply({ errors: [{ message: 'Upstream is down' }] }, { status: 400 }))
  expect(answer).toMatchObject({ message: 'The agent answered 400: Upstream is down', fields: [] })
})

test('a reason has an end, however much an agent says', () => {
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field${index}`, ['x'.repeat(500)]]))
  const { text, fields } = readReason(reply({ errors: many }, { status: 422 }))
  expect([text.length, fields.length]).toEqual([2000, 100])
  expect(fields[0]).toEqual({ field: 'field0', message: 'x'.repeat(500) })
})

test('a reason nested without end is left where it is', () => {
  const deep = `${'{"errors":['.repeat(400)}"x"${']}'.repeat(400)}`
  expect(readReason(reply(deep, { status: 422 })).text).toBe('')
})

const key = fc.oneof(
  fc.constantFrom(
    ...['status', 'success', 'ok', 'outputs', 'result', 'error', 'errors', 'detail', 'message', 'job_id', 'usage'],
    ...['loc', 'msg', 'path', 'pointer', 'field', 'constraints', 'children', 'properties', 'items', 'issues', 'source'],
    ...['state', 'completed_at', 'type', 'fields', 'params', '__proto__', 'toString'],
  ),
  fc.string(),
)
const word = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'success',
    'failed',
    'running',
    'Bad Request',
    '[{"path":["a"],"message":"b"}]',
    '"a" is b',
    'body/a must',
  ),
)
const leaf = fc.oneof(word, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null))
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie('value'), { maxLength: 5 }), fc.dictionary(key, tie('value'))),
}))

test('whatever comes, reading does not throw', () => {
  const status = fc.constantFrom(200, 204, 400, 401, 404, 410, 422, 500)
  const type = fc.constantFrom('application/json', 'text/plain', 'text/html', '')
  fc.assert(
    fc.property(fc.oneof(json, fc.string()), status, type, (body, status, contentType) => {
      const answer = reply(body ?? null, { status, contentType })
      expect(readRun(answer).kind).toMatch(/^(completed|failed|cancelled|accepted)$/)
      expect(readJob(answer).kind).toBeTypeOf('string')
    }),
  )
})

const own = [
  'status',
  'success',
  'ok',
  'execution_time_ms',
  'job_id',
  'message',
  'error',
  'usage',
  'metadata',
  'outputs',
]
const others = fc.dictionary(
  fc
    .string()
    .filter((name) => ![...own, 'total_tokens', 'cost_usd', 'total_cost_usd', 'timestamp', '__proto__'].includes(name)),
  json,
  { minKeys: 1 },
)

const names = ['title', 'error', 'errorMessage', 'message', 'msg', 'reason', 'description', 'cause']
const nested = (depth: number, word: string): object =>
  Object.fromEntries(names.map((name) => [name, depth === 0 ? word + name : nested(depth - 1, word + name[0])]))
const many = (count: number, one: (index: number) => unknown) => Array.from({ length: count }, (_, index) => one(index))

test.each([
  ['a sentence of megabytes', { message: 'No budget. '.repeat(300_000) }],
  ['places without end', { message: 'body/ x, '.repeat(300_000) }],
  ['quoted names without end', { message: '"a" b. '.repeat(300_000) }],
  ['sentences without end', { error: 'x', message: many(300_000, (index) => `a must be ${index}`) }],
  ['long details', { title: 'x'.repeat(1_000_000), errors: many(100, (at) => ({ msg: 'x'.repeat(50_000) + at })) }],
  ['reasons in reasons', nested(4, 'No budget ')],
])('of %s the beginning is read', (_, body) => {
  const { text, fields } = readReason(reply(body, { status: 500 }))
  expect(text.length).toBeGreaterThan(0)
  expect(text.length).toBeLessThanOrEqual(2000)
  expect(fields.length).toBeLessThanOrEqual(100)
})

test('whatever a success holds, it is in the outputs', () => {
  const said = fc.constantFrom(
    { status: 'success' },
    { success: true },
    { ok: true },
    {},
    { status: 'done', error: null },
  )
  fc.assert(
    fc.property(said, others, (envelope, result) => {
      const answer = readRun(reply({ ...envelope, ...result }))
      expect(answer.kind).toBe('completed')
      expect(answer.kind === 'completed' && JSON.parse(answer.outputs!)).toEqual(JSON.parse(JSON.stringify(result)))
    }),
  )
  fc.assert(
    fc.property(said, json, fc.dictionary(fc.string(), json), (envelope, outputs, more) => {
      const answer = readRun(
        reply({ ...more, error: null, message: null, job_id: null, success: true, ok: true, ...envelope, outputs }),
      )
      if (outputs === null) return
      expect(answer.kind === 'completed' && answer.outputs).toBe(JSON.stringify(outputs))
    }),
  )
})
