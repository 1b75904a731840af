import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { json, silence, startAgent, text } from '../support/agents/agent.ts'
import { webPage } from '../support/agents/reply.ts'
import { api, buildTestApp, expectProblem, register, type TestApp } from '../support/app.ts'
import { startRawServer, unusedPort } from '../support/network/raw-server.ts'
import { startTlsServer } from '../support/network/tls-server.ts'
import { storeOf } from '../support/store/database.ts'

const url = '/orchestrator/test'
const announced = json({
  openapi: '3.1.0',
  info: { title: 'article_writer API', description: 'Writes articles.' },
  paths: { '/run': { post: {} } },
})

type Line = { check: string; verdict: string; message: string; next: string | null }

/** The verdicts in their order, and the line that failed. */
async function diagnosed(app: TestApp, agentUrl: unknown) {
  const { status, json: report } = await api(app, 'POST', url, { agent_url: agentUrl })
  expect(status).toBe(200)
  const lines: Line[] = report.lines
  expect(lines.map(({ check }) => check)).toEqual([
    'address',
    'name',
    'port',
    'http',
    'health',
    'schema',
    'run',
    'self',
  ])
  for (const { verdict, message, next } of lines) {
    expect(message).toMatch(/^\S.*[.?!…]$/)
    expect(next).toEqual(['pass', 'neutral', 'skipped'].includes(verdict) ? null : expect.stringMatching(/^\S.*[.?]$/))
  }
  const failed = lines.find(({ verdict }) => verdict === 'fail')
  expect(report.ok).toBe(failed === undefined)
  expect(await storeOf(app).agents.all()).toEqual([])
  return { ...report, failed, verdicts: lines.map(({ verdict }) => verdict).join(' ') }
}

const failedAt = (check: string) => {
  const order = ['address', 'name', 'port', 'http', 'health', 'schema', 'run', 'self']
  const at = order.indexOf(check)
  return order.map((_, index) => (index < at ? 'pass' : index === at ? 'fail' : 'skipped')).join(' ')
}

test('a good agent passes, is named by its workflow, and hears of no run', async () => {
  const agent = await startAgent({ openApi: announced })
  const app = await buildTestApp()
  const report = await diagnosed(app, `${agent.url}/`)
  expect(report).toMatchObject({
    agent_url: agent.url,
    ok: true,
    verdicts: 'pass pass pass pass pass pass pass pass',
    suggestion: { agent_id: 'article-writer', agent_name: 'Article Writer', description: 'Writes articles.' },
    suggested_url: null,
  })
  expect(agent.requests.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
    'GET /health',
    'GET /openapi.json',
    'GET /schema',
  ])
})

test('an agent without /openapi.json is as good, and told that /run was not called', async () => {
  const agent = await startAgent()
  const report = await diagnosed(await buildTestApp(), agent.url)
  expect(report).toMatchObject({ ok: true, verdicts: 'pass pass pass pass pass pass neutral pass' })
})

test('a closed port is refused, with what to do', async () => {
  const port = await unusedPort()
  const report = await diagnosed(await buildTestApp(), `http://127.0.0.1:${port}`)
  expect(report).toMatchObject({
    verdicts: failedAt('port'),
    suggestion: null,
    failed: {
      message: `Connection refused: nothing listens on 127.0.0.1:${port}.`,
      // Some other agent of this machine may be near.
      next: expect.stringMatching(/^(Is it running\? Start it, then test again\.|An agent answers at 127\.0\.0\.1:)/),
    },
  })
})

test('a name that leads nowhere is told', async () => {
  const report = await diagnosed(await buildTestApp(), 'http://no-such-host.invalid:8001')
  expect(report).toMatchObject({ verdicts: failedAt('name') })
})

test('https is suggested for a port that speaks TLS, and then its certificate is told of', async () => {
  const { port } = await startTlsServer((_, response) => response.end('{"status": "ok"}'))
  const app = await buildTestApp()
  const report = await diagnosed(app, `http://localhost:${port}`)
  expect(report).toMatchObject({
    verdicts: failedAt('http'),
    suggested_url: `https://localhost:${port}`,
    failed: { next: `Try https://localhost:${port}.` },
  })
  expect(await diagnosed(app, report.suggested_url)).toMatchObject({
    verdicts: failedAt('http'),
    suggested_url: null,
    failed: { message: expect.stringContaining('certificate is not accepted') },
  })
})

test('http is suggested for a port that does not speak TLS', async () => {
  const agent = await startAgent()
  const report = await diagnosed(await buildTestApp(), `https://127.0.0.1:${agent.port}`)
  expect(report).toMatchObject({ verdicts: failedAt('http'), suggested_url: agent.url })
})

test('a web page is told from an agent, and an agent beside it is found', async () => {
  const html = text(webPage, 200, 'text/html')
  const page = await startAgent({ health: html, live: html, schema: html })
  const app = await buildTestApp()
  expect(await diagnosed(app, page.url)).toMatchObject({
    verdicts: failedAt('health'),
    failed: {
      message: 'GET /health answered with a web page.',
      next: 'This looks like a web page; is the agent behind a path, or on another port?',
    },
  })
  const agent = await startAgent()
  expect(await diagnosed(app, `${agent.url}/docs`)).toMatchObject({
    verdicts: 'warn pass pass pass fail skipped skipped skipped',
    suggested_url: agent.url,
  })
})

test.each([
  ['our own address', async (own: string) => own],
  ['a page of our own', async (own: string) => `${own}/orchestrator`],
  ['another dashboard', async () => (await buildTestApp()).listen({ host: '127.0.0.1', port: 0 })],
])('%s is told from an agent', async (_, addressOf) => {
  const app = await buildTestApp()
  const address = await addressOf(await app.listen({ host: '127.0.0.1', port: 0 }))
  expect(await diagnosed(app, address)).toMatchObject({
    verdicts: 'pass pass pass pass skipped skipped skipped fail',
    suggested_url: null,
    failed: { check: 'self', message: 'This is a dashboard like this one, not an agent.' },
  })
})

test.each([
  ['never answers', { health: silence }, 'http', 'no answer came within 0.2 s'],
  ['redirects', { health: text('', 302, 'text/plain', { location: '/login' }) }, 'health', 'it redirects to /login'],
  ['says too much', { health: text(' '.repeat(65 * 1024)) }, 'health', 'larger than 64 KiB'],
  ['says that it is ill', { health: json({ status: '\u202eill\n<b>' }) }, 'health', 'reports " ill <b>"'],
  ['has no schema', { schema: json({}, 404) }, 'schema', 'HTTP 404'],
  ['has a schema of another kind', { schema: json([1]) }, 'schema', 'its schema is not a JSON object'],
  [
    'sends a 100 Continue unasked',
    { health: (_: unknown, response: ServerResponse) => response.writeContinue(() => response.end('{}')) },
    'health',
    'it sent an unrequested 100 Continue',
  ],
  ['announces other things', { openApi: json({ paths: { '/items': { get: {} } } }) }, 'run', 'does not list POST /run'],
] as const)('an agent that %s fails where it should', async (_, handlers, check, message) => {
  const agent = await startAgent(handlers)
  const report = await diagnosed(await buildTestApp({ registerTimeoutSeconds: 0.2 }), agent.url)
  expect(report).toMatchObject({ verdicts: failedAt(check), failed: { message: expect.stringContaining(message) } })
})

test.each([
  ['another protocol', '220 mail.example.com ESMTP\r\n', 'What listens there does not speak HTTP.'],
  ['nothing', '', 'Connection closed without a response.'],
])('%s is told from HTTP', async (_, bytes, message) => {
  const server = await startRawServer((socket) => socket.end(bytes))
  const report = await diagnosed(await buildTestApp(), server.url)
  expect(report).toMatchObject({ verdicts: failedAt('http'), failed: { message }, suggested_url: null })
})

test('a hostile agent makes no line long, and no id that cannot be used', async () => {
  const name = `../<img src=x onerror=alert(1)>${'x'.repeat(10_000)}`
  const inputs = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${index}${name}`, { type: name }]))
  const agent = await startAgent({
    schema: json({ workflow: name, inputs }),
    openApi: json({ info: { title: name, description: name }, paths: { '/run': { post: {} } } }),
  })
  // Larger than a schema may be.
  expect(await diagnosed(await buildTestApp(), agent.url)).toMatchObject({
    verdicts: failedAt('schema'),
    suggestion: { agent_id: expect.stringMatching(/^[a-z0-9-]{1,60}$/) },
  })
  agent.handlers.schema = json({ workflow: name.slice(0, 300), inputs: { [name]: { type: name } } })
  const report = await diagnosed(await buildTestApp(), agent.url)
  expect(report.ok).toBe(true)
  for (const { message } of report.lines) expect(message.length).toBeLessThan(500)
  expect(report.suggestion.description.length).toBeLessThanOrEqual(200)
})

test('an id that is taken is not suggested again, and a URL that is registered is told of', async () => {
  const [first, second] = [await startAgent(), await startAgent()]
  const app = await buildTestApp()
  await register(app, first.url, 'article-writer')
  const ask = async (body: object) => (await api(app, 'POST', url, body)).json
  const other = await ask({ agent_url: second.url })
  expect(other.suggestion.agent_id).toBe(`article-writer-${second.port}`)
  const same = await ask({ agent_url: first.url, agent_id: 'new' })
  expect(same.lines[0]).toMatchObject({ verdict: 'warn', next: expect.stringContaining('second entry') })
  expect(same.suggestion.agent_id).toBe('article-writer')
  const update = await ask({ agent_url: first.url, agent_id: 'article-writer' })
  expect(update.lines[0].verdict).toBe('pass')
})

test.each([{}, { agent_url: 7 }, { agent_url: null }, null])('%j is a report too', async (body) => {
  const { status, json: report } = await api(await buildTestApp(), 'POST', url, JSON.stringify(body))
  expect(status).toBe(200)
  expect(report).toMatchObject({ agent_url: '', ok: false, suggestion: null })
  expect(report.lines[0]).toMatchObject({ check: 'address', verdict: 'fail' })
})

test.each([[], 'x'])('%j is no request', async (body) => {
  expectProblem(await api(await buildTestApp(), 'POST', url, JSON.stringify(body)), 422, [''])
})
