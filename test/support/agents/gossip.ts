import type { IncomingMessage } from 'node:http'
import { writtenForms } from '../secret-forms.ts'
import { type AgentHandler, type AgentHandlers, json, startAgent } from './agent.ts'

/** What a request brought that may be a credential: headers, and what is inside them. */
function broughtBy({ headers }: IncomingMessage): string[] {
  const own = new Set([
    'host',
    'connection',
    'accept',
    'accept-encoding',
    'user-agent',
    'content-type',
    'content-length',
  ])
  const values = Object.entries(headers).flatMap(([name, value]) => (own.has(name) ? [] : String(value)))
  const inside = values.flatMap((value) => value.split(' ').slice(1))
  const logins = inside.map((value) => Buffer.from(value, 'base64').toString())
  return [...values, ...inside, ...logins.flatMap((login) => [login, ...login.split(':')])].filter(
    (one) => one.length > 8 && !/^[\w-]{36}$/.test(one) && !one.startsWith('00-') && one === one.toWellFormed(),
  )
}

/** Says all that it was given, written in every way, in a text. */
const gossip = (request: IncomingMessage): string =>
  broughtBy(request)
    .flatMap((one) => writtenForms(one))
    .join(' | ')

/** In bytes of UTF-8, as most servers write it. */
const inHeader = (text: string) =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^\x20-\x7e\xa0-\xff]/g, '?')

/** Answers in each of these ways, with all that the request brought. */
const ways: Record<string, AgentHandler> = {
  'a reason in JSON': (request, response) => json({ detail: `Wrong: ${gossip(request)}` }, 401)(request, response, ''),
  'names in JSON': (request, response) => {
    const said = Object.fromEntries(broughtBy(request).map((one) => [one, { [one]: [one] }]))
    json(
      { status: 'failed', error: said, detail: [{ loc: ['body', gossip(request)], msg: gossip(request) }] },
      422,
    )(...([request, response, ''] as const))
  },
  'a text': (request, response) => response.writeHead(403, { 'content-type': 'text/plain' }).end(gossip(request)),
  'a page': (request, response) =>
    response.writeHead(500, { 'content-type': 'text/html' }).end(`<!doctype html><title>${gossip(request)}</title>`),
  'a broken answer': (request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"status": "${gossip(request)}`),
  'a long answer': (request, response) =>
    // Kept records are cut off at 4096 characters.
    json({ error: `${'x'.repeat(4070)}${broughtBy(request).join(' ')}` }, 500)(request, response, ''),
  headers: (request, response) => {
    const [one = 'none', ...others] = broughtBy(request)
    const names = [one, ...others].filter((value) => /^[\w.+~-]+$/.test(value))
    response
      .writeHead(400, inHeader(one), {
        'content-type': `text/plain; charset="${inHeader(one)}"`,
        'x-why': writtenForms(one).map(inHeader),
        ...Object.fromEntries(names.map((name) => [`x-${name}`, name])),
      })
      .end('no')
  },
  'a redirect': (request, response) => {
    const said = broughtBy(request).flatMap((one) => [
      one,
      encodeURIComponent(one),
      Buffer.from(one).toString('base64'),
    ])
    response.writeHead(307, { location: `http://127.0.0.1:9/${encodeURIComponent(said.join(' '))}/health` }).end()
  },
  'a path': (request, response) =>
    response.writeHead(307, { location: `/${encodeURIComponent(broughtBy(request)[0] ?? '')}/health` }).end(),
  'an encoding': (request, response) =>
    response.writeHead(200, { 'content-encoding': inHeader(`${'x'.repeat(20)}${broughtBy(request)[0]}`) }).end('no'),
  'a charset': (request, response) =>
    response
      .writeHead(200, {
        'content-type': `text/plain; charset="${inHeader(`${'x'.repeat(20)}${broughtBy(request)[0]}`)}"`,
      })
      .end(Buffer.from([0xff, 0x00, 0x01])),
  'no HTTP': (request) => request.socket.end(`${gossip(request)}\r\n\r\n`),
}
export const waysToTell = Object.keys(ways)

/** It is well, and tells in its schema, its outputs and its jobs what it was given; `tell` has it fail in one way. */
export async function startGossip() {
  let way: AgentHandler | undefined
  const or =
    (usual: AgentHandler): AgentHandler =>
    (...given) =>
      (way ?? usual)(...given)
  const handlers: Partial<AgentHandlers> = {
    health: or((request, response) => json({ status: 'degraded', reason: gossip(request) })(request, response, '')),
    schema: or((request, response) => {
      const said = gossip(request)
      const inputs = {
        topic: { type: 'str', required: false, default: said, description: said },
        [said]: { type: said, required: false },
      }
      json({ workflow: said, description: said, inputs, outputs: [said] })(request, response, '')
    }),
    openApi: (request, response) => {
      const said = gossip(request)
      json({ info: { title: said, description: said }, paths: { '/run': { post: {} } } })(request, response, '')
    },
    run: or((request, response, body) => {
      if (body.includes('in the background')) json({ status: 'async', job_id: 'job-1' })(request, response, body)
      else
        json({ status: 'success', outputs: { result: gossip(request), headers: request.headers } })(
          request,
          response,
          body,
        )
    }),
    status: (request, response) =>
      json({ status: 'failed', error: gossip(request), outputs: { headers: request.headers } })(request, response, ''),
  }
  const agent = await startAgent(handlers)
  return {
    ...agent,
    tell(name?: string): void {
      way = name === undefined ? undefined : ways[name]
    },
  }
}
