import { expect, test } from 'vitest'
import { readJob } from '../../src/agent/messages.ts'
import { reply, webPage } from '../support/reply.ts'

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
  })
})

test('a job the agent does not know is told from an answer that says nothing', () => {
  expect(readJob(reply({ detail: 'Job not found' }, { status: 404 }))).toEqual({ kind: 'unknown-job' })
})

test.each([
  [
    reply({ detail: 'Boom' }, { status: 500, statusText: 'Internal Server Error' }),
    'it answered 500 Internal Server Error',
  ],
  [reply(webPage, { status: 502, contentType: 'text/html' }), 'it answered 502'],
  [reply({ job_id: 'a' }), 'its answer has no status'],
  [reply(''), 'The agent answered with nothing.'],
  [reply(webPage, { contentType: 'text/html' }), expect.stringContaining('a web page')],
  [reply('{"status":"compl'), expect.stringContaining('not valid JSON')],
  [reply('[]'), expect.stringContaining('a JSON array')],
])('an answer that says nothing about the job leaves it open: %#', (answer, reason) => {
  expect(readJob(answer)).toEqual({ kind: 'unclear', reason })
})
