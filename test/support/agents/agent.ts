import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type AgentHandler = (request: IncomingMessage, response: ServerResponse, body: string) => unknown
export type AgentHandlers = Record<'health' | 'live' | 'schema' | 'openApi' | 'run' | 'status', AgentHandler>
type SeenRequest = { method: string; url: string; headers: IncomingHttpHeaders; body: string }
export type TestAgent = Awaited<ReturnType<typeof startAgent>>

/** Answers with a value as JSON. */
export function json(value: unknown, status = 200): AgentHandler {
  return text(JSON.stringify(value), status, 'application/json')
}

/** Answers with exactly this text. */
export function text(
  body: string,
  status = 200,
  type = 'text/plain; charset=utf-8',
  headers: OutgoingHttpHeaders = {},
): AgentHandler {
  return (_request, response) => response.writeHead(status, { 'content-type': type, ...headers }).end(body)
}

/** Never answers. */
export const silence: AgentHandler = () => undefined

const notFound = json({ detail: 'Not Found' }, 404)

/** An agent that is well, has one required and some optional inputs, and answers at once. */
const usual: AgentHandlers = {
  health: json({ status: 'healthy', timestamp: '2026-11-22T16:14:30.057758' }),
  live: notFound,
  schema: json({
    workflow: 'article_writer',
    inputs: {
      topic: { type: 'str', required: true, default: null, description: 'What to write about' },
      length: { type: 'int', required: false, default: 500, description: 'In words' },
      tags: { type: 'list[str]', required: false, default: null, description: '' },
      result: { type: 'str', required: false, default: '', description: '' },
    },
    outputs: ['result'],
  }),
  openApi: notFound,
  run: json({
    status: 'success',
    execution_time_ms: 225,
    outputs: { result: 'An article' },
    job_id: null,
    message: 'Workflow completed successfully',
  }),
  status: (request, response, body) =>
    json({
      job_id: decodeURIComponent(request.url!.slice('/status/'.length)),
      status: 'completed',
      created_at: '2026-11-22T16:14:30.057758',
      completed_at: '2026-11-22T16:15:30.057758',
      execution_time_ms: 60_000,
      outputs: { result: 'A long article' },
      error: null,
    })(request, response, body),
}

function chooseHandler(handlers: AgentHandlers, { method, url = '' }: IncomingMessage): AgentHandler {
  const call = `${method} ${url.startsWith('/status/') ? '/status/' : url}`
  switch (call) {
    case 'GET /health':
      return handlers.health
    case 'GET /health/live':
      return handlers.live
    case 'GET /schema':
      return handlers.schema
    case 'GET /openapi.json':
      return handlers.openApi
    case 'POST /run':
      return handlers.run
    case 'GET /status/':
      return handlers.status
    default:
      return notFound
  }
}

/**
 * A real agent on 127.0.0.1. `handlers` replaces what it answers and may be changed while it runs; it closes itself
 * when the test ends. Without a port it takes a free one.
 */
export async function startAgent(given: Partial<AgentHandlers> = {}, port = 0) {
  const handlers: AgentHandlers = { ...usual, ...given }
  const requests: SeenRequest[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      return
    }
    const body = Buffer.concat(chunks).toString()
    requests.push({ method: request.method!, url: request.url!, headers: request.headers, body })
    chooseHandler(handlers, request)(request, response, body)
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  const { port: taken } = server.address() as AddressInfo

  async function close(): Promise<void> {
    if (!server.listening) return
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  onTestFinished(close)

  return { url: `http://127.0.0.1:${taken}`, port: taken, handlers, requests, close }
}

/** Ports that browsers refuse, and `fetch` with them. */
const refusedPorts = [6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080, 1719, 1720, 1723, 2049, 3659, 4045]

/** An agent on the first of them that is free. */
export async function startAgentOnRefusedPort(): Promise<TestAgent> {
  for (const port of refusedPorts) {
    const agent = await startAgent({}, port).catch(() => undefined)
    if (agent) return agent
  }
  throw new Error('All ports that browsers refuse are taken.')
}
