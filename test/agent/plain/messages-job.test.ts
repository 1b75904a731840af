import { expect, test } from 'vitest'
import { readJob } from '../../../src/agent/plain/messages.ts'
import { reply, webPage } from '../../support/agents/reply.ts'

test.each(['pending', 'running', 'queued', 'RUNNING'])('a job that is %s goes on', (status) =>
  expect(readJob(reply({ job_id: 'a', status, outputs: null, error: null }))).toEqual({
    kind: 'working',
    word: status,
  }),
)

test('a job that is completed has its outputs as the agent wrote them', () => {
  const text =
    '{"job_id":"a","status":"completed","outputs":{"x": NaN, "n": 9007199254740993},"usage":{"total_tokens":7}}'
  expect(readJob(reply(text))).toEqual({
    kind: 'completed',
    outputs: '{"x": NaN, "n": 9007199254740993}',
    totalTokens: 7,
    totalCostUsd: null,
  })
})

test('a job that failed says why', () => {
  expect(readJob(reply({ job_id: 'a', status: 'failed', outputs: null, error: 'No API key' }))).toEqual({
    kind: 'failed',
    message: 'The agent says: No API key',
    fields: [],
  })
})

test.each([
  ['completed', ['completed', 'Complete', 'SUCCESS', 'succeeded', 'done', 'finished', 'ok']],
  [
    'failed',
    [
      ...[
        'failed',
        'failure',
        'error',
        'errored',
        'crashed',
        'TIMEOUT',
        'timed_out',
        'Timed out',
        'timed-out',
        'killed',
      ],
      ...['terminated', 'aborted', 'expired', 'REVOKED', 'rejected', '500', '404 Not Found'],
    ],
  ],
  ['cancelled', ['cancelled', 'Canceled']],
])('a job is %s by any of these words', (kind, words) => {
  const kinds = words.map((status) => [status, readJob(reply({ job_id: 'a', status, outputs: { a: 1 } })).kind])
  expect(kinds).toEqual(words.map((status) => [status, kind]))
})

test('a job has as outputs all that stands beside its envelope', () => {
  const times = { created_at: '2026-11-22T16:14:30', completed_at: '2026-11-22T16:15:30', execution_time_ms: 6e4 }
  const answer = { job_id: 'a', ...times, status: 'completed', outputs: null, error: null, result: { text: 'x' } }
  expect(readJob(reply(answer))).toMatchObject({ kind: 'completed', outputs: '{"result":{"text":"x"}}' })
  expect(readJob(reply({ ...answer, result: undefined }))).toMatchObject({ kind: 'completed', outputs: null })
  expect(readJob(reply({ task_id: 'a', state: 'SUCCESS', result: 5 }))).toMatchObject({
    kind: 'completed',
    outputs: '{"task_id":"a","result":5}',
  })
})

test.each([
  ['outputs', { outputs: { a: 1 } }, 'completed'],
  ['a result of its own', { result: 5 }, 'completed'],
  ['an error', { error: 'Boom' }, 'failed'],
  ['an error and outputs', { outputs: { a: 1 }, error: 'Boom' }, 'failed'],
  ['neither', { outputs: null, error: null }, 'working'],
])('an unknown word beside a time of completion and %s', (_what, members, kind) => {
  const completed = { job_id: 'a', status: 'archived', completed_at: '2026-11-22T16:15:30', ...members }
  expect(readJob(reply(completed)).kind).toBe(kind)
  expect(readJob(reply({ ...completed, completed_at: null }))).toEqual({ kind: 'working', word: 'archived' })
  expect(readJob(reply({ ...completed, status: 'running' }))).toEqual({ kind: 'working', word: 'running' })
})

test.each([
  ['success: false', { success: false, error: 'Boom' }],
  ['a word of success', { status: 'completed', outputs: null, error: 'Boom' }],
  ['an error alone', { error: 'Boom' }],
])('an error is not shown as success: %s', (_what, answer) =>
  expect(readJob(reply({ job_id: 'a', ...answer }))).toMatchObject({ kind: 'failed', message: 'The agent says: Boom' }),
)

test('a job without a word has ended when something else says so', () => {
  const outputs = { a: 1 }
  const completed = { kind: 'completed', outputs: '{"a":1}' }
  expect(readJob(reply({ job_id: 'a', outputs, success: true }))).toMatchObject(completed)
  expect(readJob(reply({ job_id: 'a', outputs, completed_at: '2026-11-22' }))).toMatchObject(completed)
  expect(readJob(reply({ job_id: 'a', success: true, text: 'x' }))).toMatchObject({ outputs: '{"text":"x"}' })
  expect(readJob(reply({ job_id: 'a', success: true })).kind).toBe('unclear')
  expect(readJob(reply({ job_id: 'a', outputs })).kind).toBe('unclear')
  expect(readJob(reply({ job_id: 'a', status: 7, outputs })).kind).toBe('unclear')
})

test.each([
  ['fail', 'failed'],
  ['Failed (no key)', 'failed'],
  ['error: no key', 'failed'],
  ['timed out after 30 s', 'failed'],
  ['stopped', 'failed'],
  ['CANCELLED_BY_USER', 'cancelled'],
  ['completed!', 'completed'],
  ['COMPLETED_WITH_ERRORS', 'completed'],
  ['not_found', 'not-here'],
  ['done: 3 of 10', 'working'],
  ['failed, retrying', 'working'],
  ['error attempt 2', 'working'],
  ['no error', 'working'],
])('a job that says %j is %s', (status, kind) => expect(readJob(reply({ status })).kind).toBe(kind))

test.each([
  [{ done: true, response: { a: 1 } }, 'completed'],
  [{ done: true, error: { code: 3, message: 'Boom' } }, 'failed'],
  [{ done: false }, 'working'],
  [{ ok: true, done: false, progress: 0.4 }, 'working'],
  [{ success: false, done: false }, 'working'],
  [{ jobId: 'a', status: 'archived', completedAt: '2026-11-22', outputs: { a: 1 } }, 'completed'],
])('the end of a job is known by other names: %j', (answer, kind) => expect(readJob(reply(answer)).kind).toBe(kind))

test('a job that failed keeps what it had, and what that cost', () => {
  const answer = readJob(reply({ status: 'timeout', outputs: { draft: 'x' }, cost_usd: 0.5 }))
  expect(answer).toMatchObject({
    kind: 'failed',
    message: 'The agent reported "timeout" without a reason.',
    result: { outputs: '{"draft":"x"}', totalTokens: null, totalCostUsd: 0.5 },
  })
})

test.each([
  ['JSON of an agent', reply({ detail: 'Job not found' }, { status: 404 }), 'not-here'],
  ['JSON under another type', reply({ message: 'no' }, { status: 404, contentType: 'text/plain' }), 'not-here'],
  ['a JSON text', reply('"No such job"', { status: 404 }), 'not-here'],
  ['a JSON list', reply('["No such job"]', { status: 404, contentType: '' }), 'not-here'],
  ['a web page', reply(webPage, { status: 404, contentType: 'text/html' }), 'not-found'],
  ['text', reply('404 page not found', { status: 404, contentType: 'text/plain' }), 'not-found'],
  ['a number', reply('404', { status: 404, contentType: 'text/plain' }), 'not-found'],
  ['nothing', reply('', { status: 404 }), 'not-found'],
  ['broken JSON', reply('{"detail":', { status: 404 }), 'not-found'],
  ['410', reply({ detail: 'Expired' }, { status: 410 }), 'gone'],
  ['401', reply({ detail: 'Not authenticated' }, { status: 401 }), 'credential'],
  ['403', reply('Forbidden', { status: 403, contentType: 'text/plain' }), 'credential'],
])('an answer that has no word about the job is told by its kind: %s', (_what, answer, kind) => {
  expect(readJob(answer)).toEqual({ kind, reason: expect.stringMatching(/HTTP 4\d\d/) })
})

test.each([
  [reply({ detail: 'Boom' }, { status: 500, statusText: 'Internal Server Error' }), 'HTTP 500 Internal Server Error'],
  [reply(webPage, { status: 502, contentType: 'text/html' }), 'HTTP 502'],
  [reply({ job_id: 'a' }), 'answered without a status'],
  [reply(''), 'answered with nothing'],
  [reply(webPage, { contentType: 'text/html' }), 'answered with a web page instead of JSON'],
  [reply('{"status":"compl'), 'answered with something that is not valid JSON'],
  [reply('[]'), expect.stringContaining('no JSON object')],
  [reply('Working', { contentType: 'text/plain' }), expect.stringContaining('no JSON object')],
])('an answer that says nothing about the job leaves it open: %#', (answer, reason) => {
  expect(readJob(answer)).toEqual({ kind: 'unclear', reason })
})
