import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { type AgentHandler, json, text } from '../support/agents/agent.ts'
import { ended, execute, page } from '../support/app.ts'
import { expectTold, withAgent } from '../support/runs/executed.ts'

const asJson = (body: string) => text(body, 200, 'application/json')
const success = (outputs: string) => asJson(`{"status":"success","outputs":${outputs},"job_id":null}`)

/** Writes these bytes and then drops the connection. */
const cutAfter =
  (bytes: string): AgentHandler =>
  (_request, response) => {
    response.socket!.write(bytes, () => response.socket!.destroy())
  }

const failing: [what: string, run: AgentHandler, sentence: string | RegExp][] = [
  [
    'dies before it answers',
    (request) => request.socket.destroy(),
    /^The call to the agent at http:\S+ failed: connection closed without a response\.$/,
  ],
  [
    'dies while it answers',
    cutAfter('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"status":"succ'),
    /^The call to the agent at http:\S+ failed: the connection was closed in the middle of its answer\.$/,
  ],
  [
    'dies within its headers',
    cutAfter('HTTP/1.1 200 OK\r\nContent-Ty'),
    /^The call to the agent at http:\S+ failed: connection closed without a response\.$/,
  ],
  [
    'cuts its answer without anybody noticing',
    cutAfter('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"status":"success","outputs":{"result":"An art'),
    'The agent answered with something that is not valid JSON; the answer may have been cut short.',
  ],
  ['speaks no HTTP', cutAfter('220 mail.example.org ESMTP\r\n'), /failed: it does not speak HTTP\.$/],
  [
    'says 200 and that it failed',
    json({ status: 'failed', error: 'The model is overloaded', outputs: {} }),
    'The agent says: The model is overloaded',
  ],
  [
    'goes on in the background without a job id',
    json({ status: 'async', job_id: null }),
    'The agent moved the run to the background, but gave no job id.',
  ],
  [
    'gives a job id of 1 MB',
    json({ status: 'async', job_id: 'x'.repeat(1_000_000) }),
    'The agent moved the run to the background, but its job id cannot be used.',
  ],
  [
    'gives a list as job id',
    json({ status: 'async', job_id: ['job-1'] }),
    'The agent moved the run to the background, but its job id cannot be used.',
  ],
  [
    'gives ".." as job id',
    json({ status: 'async', job_id: '..' }),
    'The agent moved the run to the background, but its job id cannot be used.',
  ],
  ['answers 100 MB', (_request, response) => flood(response), /failed: its answer is larger than 8 MiB\.$/],
  ['answers with nothing', text(''), 'The agent answered with nothing.'],
]

const mebibyte = Buffer.alloc(1024 * 1024, ' ')

/** A hundred megabytes, no faster than they are read. */
function flood(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  let left = 100
  const pour = () => {
    while (left-- > 0) if (!response.write(mebibyte)) return response.once('drain', pour)
    return response.end('{}')
  }
  pour()
}

test.each(failing)('a run fails with a sentence when its agent %s', async (_, run, sentence) => {
  const { app, posts } = await withAgent({ run })
  const runId = await execute(app, 'writer')
  expect(await ended(app, runId)).toMatchObject({ status: 'failed', outputs: null })
  await expectTold(app, runId, 'Failed', sentence)
  expect(posts()).toHaveLength(1)
})

test('a run fails with a sentence when its agent never answers, and is not sent again', async () => {
  const { app, posts } = await withAgent({ run: () => undefined }, { runTimeoutSeconds: 0.1 })
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  await expectTold(app, runId, 'Failed', 'The agent gave no answer within 0.1 s. It may still be working.')
  expect(posts()).toHaveLength(1)
})

test('an agent that dies right after its answer has done its work', async () => {
  const { agent, app } = await withAgent()
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  await agent.close()
  expect((await page(app, `/runs/${runId}`)).html.querySelector('#run-status')!.text.trim()).toBe('Completed')
})

const deep = 100_000
test.each([
  ['NaN', '{"score": NaN, "best": [Infinity, -Infinity]}'],
  ['names that stand twice', '{"a": 1, "a": {"b": 2}, "a": 3}'],
  ['numbers beyond all measure', '{"n": 123456789012345678901234567890, "e": 1e999, "z": -0.0}'],
  ['lists nested 100,000 deep', `{"deep": ${'['.repeat(deep)}${']'.repeat(deep)}}`],
  ['objects nested 100,000 deep', `${'{"a":'.repeat(deep)}NaN${'}'.repeat(deep)}`],
  ['a text of 5 MB', JSON.stringify({ text: 'word '.repeat(1_000_000) })],
  ['names of objects in JavaScript', '{"__proto__": {"constructor": 1}, "toString": null}'],
])('outputs with %s are kept as they are, and have a page of a moderate size', async (_, outputs) => {
  const { app } = await withAgent({ run: success(outputs) })
  const runId = await execute(app, 'writer')
  expect((await ended(app, runId)).status).toBe('completed')
  expect((await app.inject(`/runs/${runId}/outputs`)).payload).toBe(outputs)
  const shown = await app.inject({ url: `/runs/${runId}`, headers: { accept: 'text/html' } })
  expect(shown.statusCode).toBe(200)
  expect(Buffer.byteLength(shown.payload)).toBeLessThan(300_000)
})
