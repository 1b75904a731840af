import { expect, test } from 'vitest'
import { buildTestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { listening, openWire, type WireAnswer } from '../support/network/wire.ts'

// The requests were recorded from the Python program's own clients: AgentRegistryClient and
// AgentRegistryOrchestratorClient on httpx 0.28.1, and the same calls made with requests 2.34.2.

async function listeningApp() {
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  return { clock, port: await listening(app) }
}

const text = (...lines: string[]) => lines.join('\r\n')

function expectJson({ statusLine, headers, body }: WireAnswer, status: string, json: unknown): void {
  expect(statusLine).toBe(`HTTP/1.1 ${status}`)
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(JSON.parse(body)).toEqual(json)
}

function expectMissing({ statusLine, body }: WireAnswer, id: string): void {
  expect(statusLine).toBe('HTTP/1.1 404 Not Found')
  expect(JSON.parse(body).detail).toBe(`Agent not found: ${id}`)
}

const info = {
  agent_id: 'artikel schreiber ü',
  agent_name: 'Artikel-Schreiber ü',
  host: 'localhost',
  port: 8001,
  is_alive: true,
  last_heartbeat: '2026-11-22T16:14:30.057000',
  registered_at: '2026-11-22T16:14:30.057000',
  ttl_seconds: 60,
  metadata: '{"description": "Writes", "model": "gemini"}',
}

/** AgentRegistryClient, with an id that has to be encoded. */
const httpx = {
  register: (port: number) =>
    text(
      'POST /agents/register HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Accept: */*',
      'Accept-Encoding: gzip, deflate',
      'Connection: keep-alive',
      'User-Agent: python-httpx/0.28.1',
      'Content-Length: 185',
      'Content-Type: application/json',
      '',
      '{"agent_id":"artikel schreiber ü","agent_name":"Artikel-Schreiber ü","host":"localhost","port":8001,"ttl_seconds":60,"metadata":"{\\"description\\": \\"Writes\\", \\"model\\": \\"gemini\\"}"}',
    ),
  heartbeat: (port: number) =>
    text(
      'POST /agents/artikel%20schreiber%20%C3%BC/heartbeat HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Content-Length: 0',
      'Accept: */*',
      'Accept-Encoding: gzip, deflate',
      'Connection: keep-alive',
      'User-Agent: python-httpx/0.28.1',
      '',
      '',
    ),
  deregister: (port: number) =>
    text(
      'DELETE /agents/artikel%20schreiber%20%C3%BC HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Accept: */*',
      'Accept-Encoding: gzip, deflate',
      'Connection: keep-alive',
      'User-Agent: python-httpx/0.28.1',
      '',
      '',
    ),
}

test('AgentRegistryClient registers, beats, and removes itself', async () => {
  const { clock, port } = await listeningApp()
  const wire = await openWire(port)
  expectJson(await wire.say(httpx.register(port)), '200 OK', info)
  expectJson(await wire.say(httpx.heartbeat(port)), '200 OK', { status: 'ok', last_heartbeat: info.last_heartbeat })
  wire.end()

  for (const time of ['16:14:50', '16:15:10', '16:15:30', '16:15:50']) {
    await clock.advance(20_000)
    // httpx keeps no connection for longer than five seconds.
    const next = await openWire(port)
    const beat = { status: 'ok', last_heartbeat: `2026-11-22T${time}.057000` }
    expectJson(await next.say(httpx.heartbeat(port)), '200 OK', beat)
    next.end()
  }

  const last = await openWire(port)
  const again = { ...info, last_heartbeat: '2026-11-22T16:15:50.057000' }
  expectJson(await last.say(httpx.register(port)), '200 OK', again)
  const removed = { status: 'deleted', agent_id: info.agent_id }
  expectJson(await last.say(httpx.deregister(port)), '200 OK', removed)
  expectMissing(await last.say(httpx.heartbeat(port)), info.agent_id)
  expectMissing(await last.say(httpx.deregister(port)), info.agent_id)
})

test('AgentRegistryClient beats under an id with a "%", which it sends as it is', async () => {
  const { port } = await listeningApp()
  const wire = await openWire(port)
  const head = ['Host: 127.0.0.1', 'Accept: */*', 'Accept-Encoding: gzip, deflate', 'Connection: keep-alive']
  const registered = await wire.say(
    text(
      'POST /agents/register HTTP/1.1',
      ...head,
      'User-Agent: python-httpx/0.28.1',
      'Content-Length: 96',
      'Content-Type: application/json',
      '',
      '{"agent_id":"100%","agent_name":"100%","host":"vm","port":8000,"ttl_seconds":60,"metadata":null}',
    ),
  )
  const own = { agent_id: '100%', agent_name: '100%', host: 'vm', port: 8000, metadata: null }
  expectJson(registered, '200 OK', { ...info, ...own })
  const agent = 'User-Agent: python-httpx/0.28.1'
  const beaten = await wire.say(
    text('POST /agents/100%/heartbeat HTTP/1.1', head[0]!, 'Content-Length: 0', ...head.slice(1), agent, '', ''),
  )
  expectJson(beaten, '200 OK', { status: 'ok', last_heartbeat: info.last_heartbeat })
  const removed = await wire.say(text('DELETE /agents/100% HTTP/1.1', ...head, agent, '', ''))
  expectJson(removed, '200 OK', { status: 'deleted', agent_id: '100%' })
})

test('AgentRegistryOrchestratorClient lists agents and asks for one', async () => {
  const { clock, port } = await listeningApp()
  const wire = await openWire(port)
  await wire.say(httpx.register(port))
  const ask = (path: string) =>
    wire.say(
      text(
        `GET ${path} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        'Accept: */*',
        'Accept-Encoding: gzip, deflate',
        'Connection: keep-alive',
        'Content-Type: application/json',
        'User-Agent: ConfigurableAgents-Orchestrator/1.0',
        '',
        '',
      ),
    )
  expectJson(await ask('/agents'), '200 OK', [info])
  expectJson(await ask('/agents/artikel%20schreiber%20%C3%BC'), '200 OK', info)
  expectMissing(await ask('/agents/writer'), 'writer')
  await clock.advance(60_000)
  expectJson(await ask('/agents'), '200 OK', [])
  expectJson(await ask('/agents?include_dead=true'), '200 OK', [{ ...info, is_alive: false }])
})

test('the same calls made with requests: a connection each, heads and bodies in packets of their own', async () => {
  const { port } = await listeningApp()
  const head = [
    `Host: 127.0.0.1:${port}`,
    'User-Agent: python-requests/2.34.2',
    'Accept-Encoding: gzip, deflate',
    'Accept: */*',
    'Connection: keep-alive',
  ]
  const say = async (...packets: string[]) => {
    const wire = await openWire(port)
    const answer = await wire.say(...packets)
    wire.end()
    return answer
  }
  const own = { agent_id: 'a', agent_name: 'ü', host: 'h', port: 1, metadata: null }
  const registered = await say(
    text('POST /agents/register HTTP/1.1', ...head, 'Content-Length: 102', 'Content-Type: application/json', '', ''),
    '{"agent_id": "a", "agent_name": "\\u00fc", "host": "h", "port": 1, "ttl_seconds": 60, "metadata": null}',
  )
  expectJson(registered, '200 OK', { ...info, ...own })
  const beaten = await say(text('POST /agents/a/heartbeat HTTP/1.1', ...head, 'Content-Length: 0', '', ''))
  expectJson(beaten, '200 OK', { status: 'ok', last_heartbeat: info.last_heartbeat })
  const listed = await say(text('GET /agents?include_dead=True HTTP/1.1', ...head, '', ''))
  expectJson(listed, '200 OK', [{ ...info, ...own }])
  expectJson(await say(text('GET /agents/a HTTP/1.1', ...head, '', '')), '200 OK', { ...info, ...own })
  const removed = await say(text('DELETE /agents/a HTTP/1.1', ...head, 'Content-Length: 0', '', ''))
  expectJson(removed, '200 OK', { status: 'deleted', agent_id: 'a' })
})

test('a heartbeat may be as bare, or have as odd a body, as HTTP allows, and the connection stays in step', async () => {
  const { port } = await listeningApp()
  const wire = await openWire(port)
  await wire.say(httpx.register(port))
  const address = '/agents/artikel%20schreiber%20%C3%BC/heartbeat'
  const bodies = [
    text('', ''),
    text('Content-Length: 0', '', ''),
    text('Content-Type: application/json', 'Content-Length: 0', '', ''),
    text('Transfer-Encoding: chunked', '', '0', '', ''),
    text('Transfer-Encoding: chunked', '', '5', 'alive', '0', '', ''),
    text('Content-Type: application/json', 'Transfer-Encoding: chunked', '', '0', '', ''),
    text('Content-Length: 5', '', 'alive'),
    text('Content-Type: text/plain', 'Content-Length: 5', '', 'alive'),
  ]
  for (const body of bodies) {
    const answer = await wire.say(text(`POST ${address} HTTP/1.1`, `Host: localhost:${port}`, body))
    expectJson(answer, '200 OK', { status: 'ok', last_heartbeat: info.last_heartbeat })
  }
})

test('an agent with a port or a time to live that cannot be is told so', async () => {
  const { port } = await listeningApp()
  const wire = await openWire(port)
  for (const [field, value] of [
    ['port', 0],
    ['port', 65_536],
    ['ttl_seconds', 0],
    ['ttl_seconds', 3601],
  ] as const) {
    const body = JSON.stringify({ agent_id: 'a', agent_name: 'a', host: 'h', port: 1, [field]: value })
    const head = ['Host: localhost', 'Accept: */*', `Content-Length: ${body.length}`, 'Content-Type: application/json']
    const answer = await wire.say(text('POST /agents/register HTTP/1.1', ...head, '', body))
    expect(answer.statusLine).toBe('HTTP/1.1 422 Unprocessable Entity')
    expect(JSON.parse(answer.body).errors).toMatchObject([{ field }])
  }
})
