import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startAgent, startAgentOnRefusedPort } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, expectProblem, page, register, submitPartial } from '../support/app.ts'
import { storeOf } from '../support/store/database.ts'
import { rawRows } from '../support/store/raw.ts'
import { connect } from '../support/store/store.ts'

/** A server on any loopback address that notes which URLs are asked of it. */
async function startServer(host: string, answer: RequestListener) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, port: (server.address() as AddressInfo).port }
}

const schema = '{"workflow": "w", "inputs": {}, "outputs": []}'
const agentBehind =
  (prefix: string): RequestListener =>
  ({ url }, response) => {
    const answers: Record<string, string> = {
      [`${prefix}/health`]: '{"status": "healthy"}',
      [`${prefix}/schema`]: schema,
      [`${prefix}/run`]: '{"status": "success", "outputs": {"done": true}}',
    }
    response.writeHead(answers[url!] ? 200 : 404, { 'content-type': 'application/json' }).end(answers[url!])
  }

test.each([
  ['a path prefix', '127.0.0.1', (port: number) => `http://127.0.0.1:${port}/agents/one`, '/agents/one'],
  ['a slash at its end', '127.0.0.1', (port: number) => `http://127.0.0.1:${port}/agents/`, '/agents'],
  ['an encoded prefix', '127.0.0.1', (port: number) => `http://127.0.0.1:${port}/a%20b`, '/a%20b'],
  ['an IPv6 address', '::1', (port: number) => `http://[::1]:${port}`, ''],
])('%s in the URL is kept for every later call', async (_, host, urlOn, prefix) => {
  const agent = await startServer(host, agentBehind(prefix))
  const app = await buildTestApp()
  const url = urlOn(agent.port)
  await register(app, url)
  expect((await api(app, 'GET', '/orchestrator/writer/schema')).text).toBe(schema)
  expect(await ended(app, await execute(app, 'writer', {}))).toMatchObject({
    status: 'completed',
    outputs: { done: true },
  })
  expect(new Set(agent.asked)).toEqual(new Set([`GET ${prefix}/health`, `GET ${prefix}/schema`, `POST ${prefix}/run`]))
  const shown = url.replace(/\/$/, '')
  expect((await page(app, '/orchestrator')).html.querySelector('#agents .c-url')!.getAttribute('title')).toBe(shown)
  const kept = await rawRows(
    app,
    'SELECT host, port, base_url AS url FROM agents',
    'SELECT host, port, url FROM agents',
  )
  expect(kept).toEqual([{ host, port: agent.port, url: shown }])
})

test('an agent whose host and port the Python program has changed since is called at the new place', async () => {
  const [before, after] = [await startAgent(), await startAgent()]
  const app = await buildTestApp()
  await register(app, before.url)
  connect(app.db).prepare("UPDATE agents SET port = ? WHERE agent_id = 'writer'").run(after.port)
  await ended(app, await execute(app, 'writer'))
  expect(after.requests.map(({ url }) => url)).toContain('/run')
  expect(before.requests.map(({ url }) => url)).not.toContain('/run')
})

test('an agent on a port that browsers refuse is registered and executed like any other', async () => {
  const agent = await startAgentOnRefusedPort()
  const app = await buildTestApp()
  await register(app, agent.url)
  expect(await ended(app, await execute(app, 'writer'))).toMatchObject({ status: 'completed' })
})

test.each([
  ['framework', 307],
  ['framework in another language', 308],
  ['proxy', 301],
])('an agent whose %s redirects to the slash at the end is registered, tested and executed', async (_, status) => {
  const answer = agentBehind('')
  const agent = await startServer('127.0.0.1', (request, response) => {
    const path = request.url!
    if (!path.endsWith('/')) return response.writeHead(status, { location: `${path}/` }).end()
    request.url = path.slice(0, -1)
    answer(request, response)
  })
  const url = `http://127.0.0.1:${agent.port}`
  const app = await buildTestApp()
  await register(app, url)
  expect((await api(app, 'GET', '/orchestrator/writer/schema')).text).toBe(schema)
  expect(await ended(app, await execute(app, 'writer', {}))).toMatchObject({ status: 'completed' })
  expect((await api(app, 'POST', '/orchestrator/test', { agent_url: url })).json.ok).toBe(true)
})

test('a redirect is not followed when a run is sent', async () => {
  const target = await startAgent()
  const agent = await startAgent({
    run: (_, response) => response.writeHead(307, { location: `${target.url}/run` }).end(),
  })
  const app = await buildTestApp()
  await register(app, agent.url)
  const run = await ended(app, await execute(app, 'writer'))
  expect(run).toMatchObject({
    status: 'failed',
    error_message: expect.stringContaining(`it redirects to ${target.url}/run`),
  })
  expect(target.requests).toEqual([])
})

test.each([
  ['its own address', async (own: string) => own],
  ['the address of another dashboard', async () => (await buildTestApp()).listen({ host: '127.0.0.1', port: 0 })],
])('refuses %s as that of an agent, and says what it is', async (_, addressOf) => {
  const app = await buildTestApp()
  const url = await addressOf(await app.listen({ host: '127.0.0.1', port: 0 }))
  const answer = await api(app, 'POST', '/orchestrator/register', { agent_id: 'me', agent_name: 'Me', agent_url: url })
  expectProblem(answer, 400, ['agent_url'])
  expect(answer.json.detail).toBe(`${url} is a dashboard like this one, not an agent. Agents listen on another port.`)
  const form = await submitPartial(app, '/orchestrator/register', { agent_id: 'me', agent_name: 'Me', agent_url: url })
  expect(form.html.querySelector('#agent-url-error')!.text).toBe(answer.json.detail)
  expect(await storeOf(app).agents.all()).toEqual([])
})

test('refuses a dashboard that does not answer to the name it is called by', async () => {
  const other = await buildTestApp()
  const { port } = new URL(await other.listen({ host: '127.0.0.1', port: 0 }))
  const app = await buildTestApp()
  // What a request to it looks like that came under a name of somebody else's.
  const proxy = await startServer('127.0.0.1', async ({ url }, response) => {
    const answer = await other.inject({ url: url!, headers: { host: `agents.example.com:${port}` } })
    response.writeHead(answer.statusCode, {
      'x-configurable-agents-dashboard': answer.headers['x-configurable-agents-dashboard'],
    })
    response.end(answer.payload)
  })
  const url = `http://127.0.0.1:${proxy.port}`
  const answer = await api(app, 'POST', '/orchestrator/register', { agent_id: 'me', agent_name: 'Me', agent_url: url })
  expectProblem(answer, 400, ['agent_url'])
})
