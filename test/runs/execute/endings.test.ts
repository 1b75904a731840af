import { expect, test } from 'vitest'
import { type AgentHandler, json, silence, startAgent, text } from '../../support/agents/agent.ts'
import { announce } from '../../support/agents/announced.ts'
import { buildTestApp, ended, execute, page, register } from '../../support/app.ts'
import { unusedPort } from '../../support/network/raw-server.ts'
import { transport } from '../../support/network/transport.ts'
import { storedRuns } from '../../support/runs/stored.ts'
import { changeBeside } from '../../support/store/beside.ts'

const continues: AgentHandler = (_, response) => {
  response.writeContinue()
  response.end('{"status": "success", "outputs": {}}')
}
const html = text('<!doctype html><title>502 Bad Gateway</title>', 502, 'text/html')
const resets: AgentHandler = (request) => request.socket.resetAndDestroy()
const stopsHalfway: AgentHandler = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
  response.write('{"status": "succ', () => response.destroy())
}
const missingField = {
  detail: [
    { type: 'missing', loc: ['body', 'topic'], msg: 'Field required', input: {}, url: 'https://errors.pydantic.dev' },
  ],
}

const endings: [string, AgentHandler, string | RegExp][] = [
  ['refuses the inputs', json(missingField, 422), 'The agent refused the inputs: topic: Field required'],
  [
    'answers 422 with a sentence',
    json({ detail: 'No such topic' }, 422),
    'The agent answered 422 Unprocessable Entity: No such topic',
  ],
  [
    'answers 500 with a detail',
    json({ detail: 'Workflow execution failed: boom' }, 500),
    'The agent answered 500 Internal Server Error: Workflow execution failed: boom',
  ],
  ['answers 500 in plain text', text('Internal Server Error', 500), 'The agent answered 500 Internal Server Error.'],
  ['answers 500 with nothing', text('', 500), 'The agent answered 500 Internal Server Error.'],
  ['answers 404', json({ detail: 'Not Found' }, 404), 'The agent answered 404 Not Found.'],
  [
    'answers 421, as a proxy with several hosts does',
    json({ detail: 'Wrong connection' }, 421),
    'The agent answered 421 Misdirected Request: Wrong connection',
  ],
  ['answers 407', text('Log in', 407), 'The agent answered 407 Proxy Authentication Required: Log in'],
  [
    'says 100 Continue unasked',
    continues,
    /failed: it sent an unrequested 100 Continue, so its answer could not be read\. The agent may have finished\.$/,
  ],
  [
    'answers 401',
    json({ error: 'Who are you?' }, 401),
    'The agent answered 401 Unauthorized: it needs a credential (Who are you?).',
  ],
  ['stands behind a proxy that answers in HTML', html, 'The agent answered 502 Bad Gateway with a web page.'],
  [
    'answers 200 with HTML',
    text('<html></html>', 200, 'text/html'),
    'The agent answered with a web page instead of JSON. Is this address really the agent?',
  ],
  [
    'answers with broken JSON',
    text('{"status": "success", "out', 200, 'application/json'),
    'The agent answered with something that is not valid JSON; the answer may have been cut short.',
  ],
  ['says success: false', json({ success: false, message: 'No budget left' }), 'The agent says: No budget left'],
  ['answers 200 with an error alone', json({ error: { message: 'Quota', code: 7 } }), 'The agent says: Quota'],
  ['answers 200 with the number of an error', json({ status: 503, detail: 'Too busy' }), 'The agent says: Too busy'],
  ['answers with nothing', text(''), 'The agent answered with nothing.'],
  ['says failed in a 200', json({ status: 'failed', error: 'No budget left' }), 'The agent says: No budget left'],
  ['says error in a 200', json({ status: 'error', message: 'Rate limited' }), 'The agent says: Rate limited'],
  ['says failed and not why', json({ status: 'failed' }), 'The agent reported failure without a reason.'],
  [
    'says a word nobody knows',
    json({ status: 'skipped' }),
    'The agent answered with the unknown status "skipped" and no outputs.',
  ],
  [
    'says async without a job',
    json({ status: 'async', job_id: null }),
    'The agent moved the run to the background, but gave no job id.',
  ],
  [
    'resets the connection',
    resets,
    /^The call to the agent at http:\S+ failed: connection closed without a response\.$/,
  ],
  ['stops halfway', stopsHalfway, /^The call to the agent at http:\S+ failed: .*(closed in the middle|cut short)/],
  [
    'redirects',
    text('', 302, 'text/plain', { location: 'http://10.0.0.1/' }),
    /failed: it redirects to http:\/\/10\.0\.0\.1\/, which is not followed\.$/,
  ],
  [
    'compresses its answer',
    text('x', 200, 'application/json', { 'content-encoding': 'br' }),
    /failed: its answer is compressed \(br\), though that was not asked for\.$/,
  ],
  ['never answers', silence, 'The agent gave no answer within 0.3 s. It may still be working.'],
]

/** What the run, its page and its row in the database say of how it ended. */
async function expectFailed(app: Awaited<ReturnType<typeof buildTestApp>>, runId: string, sentence: string | RegExp) {
  const run = await ended(app, runId)
  expect(run).toMatchObject({ status: 'failed', outputs: null, total_tokens: null, total_cost_usd: null })
  expect(run.error_message).toMatch(sentence)
  const shown = await page(app, `/runs/${runId}`)
  expect(shown.html.querySelector('#run [role="alert"] h2')!.getAttribute('title')).toMatch(sentence)
  expect(shown.html.querySelector('#run-status')!.text.trim()).toBe('Failed')
  expect(await storedRuns(app)).toMatchObject([
    {
      status: 'failed',
      error: run.error_message,
      completedAt: expect.any(Number),
      durationSeconds: expect.any(Number),
      outputs: null,
    },
  ])
}

test.each(endings)('a run fails with an understandable sentence when the agent %s', async (_, run, sentence) => {
  const agent = await startAgent({ run })
  const app = await buildTestApp({ runTimeoutSeconds: run === silence ? 0.3 : 10 })
  await register(app, agent.url)
  await expectFailed(app, await execute(app, 'writer'), sentence)
  expect(agent.requests.filter(({ url }) => url === '/run')).toHaveLength(1)
})

test('a run fails when the agent is gone, and names its address', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  await agent.close()
  const sentence = `Cannot connect to agent at ${agent.url}: connection refused. Is it running?`
  await expectFailed(app, await execute(app, 'writer'), sentence)
})

test('a run fails when the host name is unknown', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  await announce(app, { host: 'agent.invalid', port: 8001 })
  const sentence = 'Cannot connect to agent at http://agent.invalid:8001: could not resolve agent.invalid.'
  await expectFailed(app, await execute(app, 'writer'), sentence)
})

test('a run fails when TLS is spoken to an agent that speaks none', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const url = `https://127.0.0.1:${agent.port}`
  await changeBeside(app, `UPDATE agents SET base_url = '${url}'`, `UPDATE agents SET url = '${url}'`)
  await expectFailed(app, await execute(app, 'writer'), /it does not speak TLS \(try http:\/\/\)\.$/)
})

test('a run fails when there is no route to the agent', async () => {
  const unreachable = Object.assign(new Error('connect EHOSTUNREACH'), { code: 'EHOSTUNREACH', syscall: 'connect' })
  let calls = 0
  const agent = await startAgent()
  const app = await buildTestApp(
    {},
    {
      transport: async (request) => {
        if (request.method === 'GET') return transport(request)
        calls++
        throw unreachable
      },
    },
  )
  await register(app, agent.url)
  await expectFailed(app, await execute(app, 'writer'), /: no route to the host\.$/)
  expect(calls).toBe(2)
})

test('an agent that goes away between two runs fails only the second', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  expect(await ended(app, await execute(app, 'writer'))).toMatchObject({ status: 'completed' })
  await announce(app, { host: '127.0.0.1', port: await unusedPort() })
  expect(await ended(app, await execute(app, 'writer'))).toMatchObject({ status: 'failed' })
})

const events = 'data: a\n\ndata: b\n\n'
const lines = '{"a":1}\n{"a":2}\n'
test.each<[string, AgentHandler, unknown, string?]>([
  ['names its result otherwise', json({ status: 'success', result: { text: 'x' } }), { result: { text: 'x' } }],
  ['gives a text as outputs', json({ outputs: 'Hello' }), 'Hello'],
  ['answers with a list', json([{ title: 'x' }]), [{ title: 'x' }]],
  ['answers with a bare text', json('Hello'), 'Hello'],
  ['answers in plain text', text('Hello\n', 200, 'text/plain; charset=utf-8'), 'Hello\n', 'plain text'],
  ['answers with events', text(events, 200, 'text/event-stream'), events, 'server-sent events'],
  ['answers with lines', text(lines, 200, 'application/x-ndjson'), lines, 'lines of JSON'],
  ['answers with YAML', text('a: 1', 200, 'application/yaml'), 'a: 1', 'application/yaml'],
])('a run keeps its outputs, and says of what kind they were, when the agent %s', async (_, run, outputs, kind) => {
  const agent = await startAgent({ run })
  const app = await buildTestApp()
  await register(app, agent.url)
  const runId = await execute(app, 'writer')
  expect(await ended(app, runId)).toMatchObject({ status: 'completed', outputs, error_message: null })
  const { html } = await page(app, `/runs/${runId}`)
  expect(html.querySelector('#run-status')!.text.trim()).toBe('Completed')
  const note = html.querySelector('article.card > .more')?.text
  expect(note).toBe(kind && `The agent answered with ${kind}, not JSON: kept as one text.`)
})

test('a run that failed keeps what the agent had, and what that cost', async () => {
  const agent = await startAgent({
    run: json({ status: 'timeout', outputs: { draft: 'x' }, usage: { total_tokens: 7, cost_usd: 0.5 } }),
  })
  const app = await buildTestApp()
  await register(app, agent.url)
  const runId = await execute(app, 'writer')
  const kept = { outputs: { draft: 'x' }, total_tokens: 7, total_cost_usd: 0.5 }
  expect(await ended(app, runId)).toMatchObject({ status: 'failed', ...kept })
  expect((await page(app, `/runs/${runId}`)).html.text).toContain('draft')
})
