import { describe, expect, test } from 'vitest'
import { readRun } from '../../src/agent/messages.ts'
import { reply, webPage } from '../support/reply.ts'

const failed = (message: string) => ({ kind: 'failed', message, fields: [] })
const completed = (outputs: string | null) => ({ kind: 'completed', outputs, totalTokens: null, totalCostUsd: null })

describe('a run that succeeded', () => {
  test('has its outputs as the agent wrote them', () => {
    const text =
      '{"status":"success","execution_time_ms":225,"outputs":{ "n": 9007199254740993, "x": NaN, "p": 1.0 },"job_id":null}'
    expect(readRun(reply(text))).toEqual(completed('{ "n": 9007199254740993, "x": NaN, "p": 1.0 }'))
  })

  test.each(['success', 'SUCCESS', 'completed', 'succeeded', 'ok', 'done', 'finished'])('may say %s', (status) =>
    expect(readRun(reply({ status, outputs: { a: 1 } }))).toEqual(completed('{"a":1}')),
  )

  test('may say any word beside its outputs, or none', () => {
    expect(readRun(reply({ status: 'fabulous', outputs: { a: 1 } }))).toEqual(completed('{"a":1}'))
    expect(readRun(reply({ outputs: { a: 1 } }))).toEqual(completed('{"a":1}'))
  })

  test('has the whole answer as outputs when a hand-written agent names none', () => {
    expect(readRun(reply(' {"result": 1.0}\n'))).toEqual(completed('{"result": 1.0}'))
  })

  test('may have no outputs', () => {
    expect(readRun(reply({ status: 'success', outputs: null }))).toEqual(completed(null))
    expect(readRun(reply({ status: 'success' }))).toEqual(completed(null))
  })

  test('is completed though it carries a job id beside its outputs', () => {
    expect(readRun(reply({ status: 'success', outputs: {}, job_id: 'a' }))).toEqual(completed('{}'))
  })
})

describe('a run that goes on in the background', () => {
  const id = '0b0b8f1c-0b5e-4d4e-9a37-4b7e2b6b6a11'

  test.each([
    ['async', { status: 'async', job_id: id, message: 'Still working' }],
    ['async with empty outputs', { status: 'async', job_id: id, outputs: null }],
    ['pending', { status: 'pending', job_id: id }],
    ['no status', { job_id: id }],
  ])('is known by its job id: %s', (_what, body) => {
    expect(readRun(reply(body))).toEqual({ kind: 'accepted', jobId: id })
  })

  test.each([
    ['17', '17'],
    ['9007199254740993', '9007199254740993'],
    ['"a/b c"', 'a/b c'],
  ])('keeps a job id as it was written: %s', (written, jobId) => {
    expect(readRun(reply(`{"status":"async","job_id":${written}}`))).toEqual({ kind: 'accepted', jobId })
  })

  test('has failed when nothing says how to ask for it', () => {
    const message = 'The agent went on in the background, but gave no job id.'
    expect(readRun(reply({ status: 'async' }))).toEqual(failed(message))
    expect(readRun(reply({ status: 'async', job_id: null }))).toEqual(failed(message))
  })

  test.each(['""', '"."', '".."', '{}', 'true', '"a\\u0000"', String.raw`"\ud800"`, `"${'x'.repeat(513)}"`])(
    'has failed when its job id cannot stand in a URL: %#',
    (written) =>
      expect(readRun(reply(`{"status":"async","job_id":${written}}`))).toEqual(
        failed('The agent went on in the background, but gave no usable job id.'),
      ),
  )
})

describe('a run that failed', () => {
  test.each([
    ['failed', { status: 'failed', error: 'No API key' }, 'The agent says: No API key'],
    ['error', { status: 'error', message: ' Boom ' }, 'The agent says: Boom'],
    ['FAILURE', { status: 'FAILURE', detail: 'Boom' }, 'The agent says: Boom'],
    ['an error object', { status: 'failed', error: { message: 'Boom', code: 7 } }, 'The agent says: Boom'],
    ['a failure with a job id', { status: 'failed', job_id: 'a', error: 'Boom' }, 'The agent says: Boom'],
    ['no reason', { status: 'failed', error: null }, 'The agent says that the run failed, and not why.'],
    [
      'another word alone',
      { status: 'skipped' },
      'The agent answered with the status "skipped", which says nothing about the run.',
    ],
  ])('though the answer is a 200: %s', (_what, body, message) => {
    expect(readRun(reply(body))).toEqual(failed(message))
  })

  test.each([
    [webPage, 'The agent answered with a web page instead of JSON. Is this address really the agent?'],
    ['', 'The agent answered with nothing.'],
    ['Hello', 'The agent answered with something that is not valid JSON; the answer may have been cut short.'],
    ['{"status":"suc', 'The agent answered with something that is not valid JSON; the answer may have been cut short.'],
    ['[{"a":1}]', 'The agent answered with a JSON array, where an object was expected.'],
    ['"done"', 'The agent answered with a bare JSON value, where an object was expected.'],
  ])('because the answer is no object: %#', (body, message) => expect(readRun(reply(body))).toEqual(failed(message)))

  test('for inputs that were refused, each with its field', () => {
    const detail = [
      { type: 'missing', loc: ['body', 'topic'], msg: 'Field required', input: {}, url: 'https://errors.pydantic.dev' },
      { type: 'int_parsing', loc: ['body', 'tags', 0], msg: 'Input should be a valid integer', input: 'x' },
      { type: 'json_invalid', msg: 'JSON decode error' },
    ]
    expect(readRun(reply({ detail }, { status: 422 }))).toEqual({
      kind: 'failed',
      message:
        'The agent refused the inputs: topic: Field required; tags.0: Input should be a valid integer; JSON decode error',
      fields: [
        { field: 'topic', message: 'Field required' },
        { field: 'tags.0', message: 'Input should be a valid integer' },
        { field: '', message: 'JSON decode error' },
      ],
    })
  })

  test.each([
    [
      reply({ detail: 'Workflow execution failed: no key' }, { status: 500, statusText: 'Internal Server Error' }),
      'The agent answered 500 Internal Server Error: Workflow execution failed: no key',
    ],
    [reply({ detail: 'Not now' }, { status: 422 }), 'The agent answered 422: Not now'],
    [reply({ error: { message: 'Quota' } }, { status: 429 }), 'The agent answered 429: Quota'],
    [reply({ detail: [1] }, { status: 400 }), 'The agent answered 400.'],
    [
      reply('Internal Server Error', { status: 500, contentType: 'text/plain' }),
      'The agent answered 500: Internal Server Error',
    ],
    [
      reply(webPage, { status: 502, statusText: 'Bad Gateway', contentType: 'text/html' }),
      'The agent answered 502 Bad Gateway with a web page.',
    ],
    [reply('', { status: 503, contentType: '' }), 'The agent answered 503.'],
    [reply('{"detail": "Wor', { status: 500 }), 'The agent answered 500: {"detail": "Wor'],
  ])('with a status that says so: %#', (answer, message) => expect(readRun(answer)).toEqual(failed(message)))

  test('is told at a length that can be read', () => {
    const answer = readRun(reply({ detail: 'x'.repeat(100_000) }, { status: 500 }))
    expect(answer.kind === 'failed' && answer.message.length).toBeLessThan(2100)
  })
})
