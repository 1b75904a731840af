import { describe, expect, test } from 'vitest'
import { readRun } from '../../../src/agent/plain/messages.ts'
import { reply, webPage } from '../../support/agents/reply.ts'

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
    expect(readRun(reply({ success: true, message: ' ', error: null, execution_time_ms: 7 }))).toEqual(completed(null))
    expect(readRun(reply('null'))).toEqual(completed(null))
    expect(readRun(reply('', { status: 204, contentType: '' }))).toEqual(completed(null))
  })

  test.each([
    ['status', '{"status":"success","result":9007199254740993}', '{"result":9007199254740993}'],
    ['success', '{"success":true,"data":{"x": NaN},"timestamp":"now"}', '{"data":{"x": NaN}}'],
    ['ok', '{"ok":"true","answer":"a","message":"Fine"}', '{"answer":"a"}'],
    ['outputs of null', '{"status":"done","outputs":null,"result":[1]}', '{"result":[1]}'],
    ['an empty error', '{"error":null,"reply":"a","usage":{"total_tokens":null}}', '{"reply":"a"}'],
    ['a status of HTTP', '{"status":200,"result":"a"}', '{"result":"a"}'],
    ['an unknown word', '{"status":"fabulous","result":"a"}', '{"result":"a"}'],
    ['a warning', '{"error":"slow","result":"a"}', '{"result":"a"}'],
    ['errors that were found', '{"errors":["a typo"]}', '{"errors":["a typo"]}'],
    ['a name twice', '{"ok":true,"a":1,"a":2}', '{"a":1,"a":2}'],
    ['a name like an inherited one', '{"ok":true,"__proto__":1,"toString":2}', '{"__proto__":1,"toString":2}'],
    ['a message alone', '{"status":"success","message":"42 \\u00e9"}', '{"message":"42 \\u00e9"}'],
    ['nothing but a message', '{"message":"Hello"}', '{"message":"Hello"}'],
    ['an error that was found', '{"code":404,"page":"/a"}', '{"code":404,"page":"/a"}'],
    ['counts', '{"success":0,"failure":3}', '{"failure":3}'],
    ['a word with more behind it', '{"status":"completed with warnings","result":1}', '{"result":1}'],
    ['a word of success with a code', '{"status":"success","code":418,"message":"Tea"}', '{"code":418}'],
    ['success with a code', '{"success":true,"code":500,"message":"Lines"}', '{"code":500}'],
    [
      'a link that was found',
      '{"url":"/a","status_code":404,"title":"A"}',
      '{"url":"/a","status_code":404,"title":"A"}',
    ],
    ['nothing beside what was found', '{"data":{"a":null},"errors":["b"]}', '{"data":{"a":null},"errors":["b"]}'],
    ['a count of failures', '{"status":"failed: 0, passed: 12","result":1}', '{"result":1}'],
    ['no error in words', '{"status":"Error: none","outputs":{"a":1}}', '{"a":1}'],
    ['a verdict', '{"status":"accepted","answer":"a"}', '{"answer":"a"}'],
    ['a verdict against', '{"status":"Denied","reason":"b","claim":1}', '{"reason":"b","claim":1}'],
    ['a verdict beside outputs', '{"status":"invalid","outputs":{"a":1}}', '{"a":1}'],
    ['in .NET', '{"Status":"Success","Outputs":{"A": 1.0}}', '{"A": 1.0}'],
  ])('has as outputs all that stands beside the envelope: %s', (_what, text, outputs) =>
    expect(readRun(reply(text))).toEqual(completed(outputs)),
  )

  test.each(['[{"a": 1}]', '"done"', '42', 'false', '[]'])('may answer with %s alone', (json) =>
    expect(readRun(reply(` ${json}\n`))).toEqual(completed(json)),
  )

  test.each([
    ['plain text', 'Hello "there"\n', 'text/plain; charset=utf-8'],
    ['text that begins like JSON', '[1] A footnote', 'text/plain'],
    ['no type', 'Hello', ''],
    ['server-sent events', 'data: {"token":"He"}\n\ndata: {"token":"llo"}\n\n', 'text/event-stream'],
    ['JSON lines', '{"a":1}\n{"a":2}\n', 'application/x-ndjson'],
    ['JSON lines that are called JSON', '{"a":1}\n{"a":2}\n', 'application/json'],
    ['half a character', 'a\ud800', 'text/plain'],
  ])('keeps as text what is no JSON: %s', (_what, text, contentType) =>
    expect(readRun(reply(text, { contentType }))).toEqual(completed(JSON.stringify(text.toWellFormed()))),
  )

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
    ['names in camel case', { status: 'accepted', jobId: id }],
    ['names in Pascal case', { Status: 'Queued', JobId: id, Outputs: null }],
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
    const message = 'The agent moved the run to the background, but gave no job id.'
    expect(readRun(reply({ status: 'async' }))).toEqual(failed(message))
    expect(readRun(reply({ status: 'async', job_id: null }))).toEqual(failed(message))
    expect(readRun(reply({}, { status: 202 }))).toEqual(failed(message))
    expect(readRun(reply({ task_id: 'a', status_url: '/tasks/a' }, { status: 202 }))).toMatchObject(failed(message))
    expect(readRun(reply({ result: 1 }, { status: 202 }))).toEqual(completed('{"result":1}'))
  })

  test.each(['""', '"."', '".."', '{}', 'true', '"a\\u0000"', String.raw`"\ud800"`, `"${'x'.repeat(513)}"`])(
    'has failed when its job id cannot stand in a URL: %#',
    (written) =>
      expect(readRun(reply(`{"status":"async","job_id":${written}}`))).toEqual(
        failed('The agent moved the run to the background, but its job id cannot be used.'),
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
    ['success: false', { success: false, message: 'Boom' }, 'The agent says: Boom'],
    ['ok: false beside a word of success', { status: 'success', ok: false, error: 'Boom' }, 'The agent says: Boom'],
    ['a lone error', { error: 'Boom' }, 'The agent says: Boom'],
    ['an error object alone', { error: { message: 'Boom' }, timestamp: 'now', code: 7 }, 'The agent says: Boom'],
    ['a list of errors alone', { error: ['No key', { message: 'No quota' }] }, 'The agent says: No key; No quota'],
    ['a list of messages', { success: false, message: ['No key', 'No quota'] }, 'The agent says: No key; No quota'],
    ['a list of reasons', { status: 'failed', reason: ['No key'] }, 'The agent says: No key'],
    ['an error alone though it says success', { status: 'ok', error: 'Boom', outputs: null }, 'The agent says: Boom'],
    ['an error beside empty outputs', { status: 'success', outputs: {}, error: 'Boom' }, 'The agent says: Boom'],
    [
      'an error as in JSON-RPC',
      { jsonrpc: '2.0', id: 1, result: null, error: { message: 'Boom' } },
      'The agent says: Boom',
    ],
    ['an error as in GraphQL', { data: null, errors: [{ message: 'Boom' }] }, 'The agent says: Boom'],
    ['the number of an error of HTTP', { status: 503, message: 'Boom' }, 'The agent says: Boom'],
    ['such a number as text', { status: '429 Too Many Requests', detail: 'Boom' }, 'The agent says: Boom'],
    ['timed out', { status: 'Timed Out', outputs: {} }, 'The agent reported "Timed Out" without a reason.'],
    ['JSend', { status: 'fail', data: { topic: 'is too long' } }, 'The agent says: topic: is too long', 'topic'],
    ['a word with a reason', { status: 'Error: no key' }, 'The agent reported "Error: no key" without a reason.'],
    ['a word for one', { status: 'exception', message: 'Boom' }, 'The agent says: Boom'],
    ['.NET', { Success: false, Message: 'Boom' }, 'The agent says: Boom'],
    ['isSuccess: false', { isSuccess: false, message: 'Boom' }, 'The agent says: Boom'],
    ['errorMessage alone', { errorMessage: 'Boom', errorType: 'X', stackTrace: [] }, 'The agent says: Boom'],
    ['an error beside the inputs', { error: 'Boom', inputs: { topic: 'x' }, model: 'm' }, 'The agent says: Boom'],
    ['the code of an error of HTTP', { code: 500, msg: 'Boom', data: null }, 'The agent says: Boom'],
    ['its status code', { statusCode: 429, message: 'Boom' }, 'The agent says: Boom'],
    ['GraphQL without data', { errors: [{ message: 'Boom', locations: [] }] }, 'The agent says: Boom'],
    ['GraphQL with nulls', { errors: [{ message: 'Boom' }], data: { run: null } }, 'The agent says: Boom'],
    ['a verdict alone', { status: 'denied', reason: 'No quota' }, 'The agent says: No quota'],
    ['accepted alone', { status: 'accepted' }, 'The agent moved the run to the background, but gave no job id.'],
    ['status: false', { status: false, result: 1 }, 'The agent reported failure without a reason.'],
    ['queued without a job', { status: 'queued' }, 'The agent moved the run to the background, but gave no job id.'],
    ['no reason', { status: 'failed', error: null }, 'The agent reported failure without a reason.'],
    [
      'another word alone',
      { status: 'skipped' },
      'The agent answered with the unknown status "skipped" and no outputs.',
    ],
  ])('though the answer is a 200: %s', (_what, body, message, field?: string) => {
    const fields = field === undefined ? [] : [{ field, message: 'is too long' }]
    expect(readRun(reply(body))).toEqual({ ...failed(message), fields })
  })

  test.each([
    ['A report', '"A report"'],
    ['{"outputs":{"n":1.0}}', '{"n":1.0}'],
    ['["a"]', '["a"]'],
  ])('though Express calls it HTML: %s', (body, outputs) => {
    expect(readRun(reply(body, { contentType: 'text/html; charset=utf-8' }))).toMatchObject({
      kind: 'completed',
      outputs,
    })
  })

  test.each([
    [webPage, 'The agent answered with a web page instead of JSON. Is this address really the agent?'],
    ['', 'The agent answered with nothing.'],
    ['{"status":"suc', 'The agent answered with something that is not valid JSON; the answer may have been cut short.'],
    ['  ', 'The agent answered with nothing.'],
  ])('because the answer cannot be read: %#', (body, message) => expect(readRun(reply(body))).toEqual(failed(message)))

  test('keeps what it had, and what that cost', () => {
    const answer = readRun(reply('{"status":"error","outputs":{"n": 1.0},"error":"Boom","usage":{"total_tokens":7}}'))
    expect(answer).toMatchObject({ kind: 'failed', result: { outputs: '{"n": 1.0}', totalTokens: 7 } })
    const empty = readRun(reply({ status: 'error', outputs: {}, error: 'Boom' }))
    expect(empty.kind === 'failed' && empty.result).toBeUndefined()
  })

  test('may have been cancelled', () => {
    const answer = readRun(reply({ status: 'Cancelled', message: 'By an operator' }))
    expect(answer).toEqual({ kind: 'cancelled', message: 'The agent says: By an operator' })
  })

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
    [reply('Internal Server Error', { status: 500, contentType: 'text/plain' }), 'The agent answered 500.'],
    [
      reply(webPage, { status: 502, statusText: 'Bad Gateway', contentType: 'text/html' }),
      'The agent answered 502 Bad Gateway with a web page.',
    ],
    [reply('', { status: 503, contentType: '' }), 'The agent answered 503.'],
    [reply({ errmsg: 'no such model', errcode: 40013 }, { status: 400 }), 'The agent answered 400: no such model'],
    [reply({ __type: 'ValidationException', Message: 'No role' }, { status: 400 }), 'The agent answered 400: No role'],
    [reply({ errors: 'Too many' }, { status: 422 }), 'The agent answered 422: Too many'],
    [reply({ error_message: 'No key', StackTrace: 'at f' }, { status: 500 }), 'The agent answered 500: No key'],
    [
      reply({ fault: { faultstring: 'No quota', detail: { errorcode: 'q.1' } } }, { status: 500 }),
      'The agent answered 500: No quota; errorcode: q.1',
    ],
    [
      reply('the topic is too long', { status: 422, contentType: 'text/html; charset=utf-8' }),
      'The agent answered 422: the topic is too long',
    ],
    [reply('{"detail": "Wor', { status: 500 }), 'The agent answered 500: {"detail": "Wor'],
  ])('with a status that says so: %#', (answer, message) => expect(readRun(answer)).toEqual(failed(message)))

  test.each([
    ['<body>\n<pre>Error: the quota is &quot;used up&quot;<br> &nbsp; at f (a.js:7)</pre>', ': the quota is "used up"'],
    ['<pre>TypeError: x is not a function<br> &nbsp; at f</pre>', ': TypeError: x is not a function'],
    ['<pre>Internal Server Error</pre>', '.'],
    ['<title>500</title>\n<h1>Internal Server Error</h1>\n<p>No &lt;key&gt; is set</p>', ': No <key> is set'],
    [`<h1>Internal Server Error</h1><p>${'<pre>'.repeat(100_000)}`, '.'],
  ])('in the error page of a framework: %#', (page, told) => {
    const answer = reply(page, { status: 500, contentType: 'text/html' })
    expect(readRun(answer)).toEqual(failed(`The agent answered 500 with a web page${told}`))
  })

  test('is told at a length that can be read', () => {
    const answer = readRun(reply({ detail: 'x'.repeat(100_000) }, { status: 500 }))
    expect(answer.kind === 'failed' && answer.message.length).toBeLessThan(2100)
  })
})
