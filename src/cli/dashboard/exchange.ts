import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import querystring from 'node:querystring'
import { dashboardHeader } from '../../shared/dashboard-header.ts'
import { connectionError, ProblemError, strangerError } from './errors.ts'

export type Request = {
  method?: 'GET' | 'POST' | 'DELETE'
  path: string
  body?: string | undefined
  headers?: Record<string, string>
  /** How long nothing may come, not even the beginning of the answer. */
  silenceMs?: number
  signal?: AbortSignal | undefined
}

// Not by `import`, which would load much more.
const http = process.getBuiltinModule('node:http')
const https = process.getBuiltinModule('node:https')

export type Exchange = (request: Request) => Promise<IncomingMessage>

const usualSilenceMs = 60_000

function authorizationOf({ username, password }: URL, token: string | undefined): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` }
  if (username === '' && password === '') return {}
  const pair = `${querystring.unescape(username)}:${querystring.unescape(password)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** One request. Resolves to the answer of a dashboard with its body still to read; throws errors of this folder. */
export function createExchange(url: URL, token?: string): Exchange {
  const { request } = url.protocol === 'https:' ? https : http
  const base = url.pathname.replace(/\/$/, '')

  return async ({ method = 'GET', path, body, headers, silenceMs = usualSilenceMs, signal }) => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({
        ...{ method, agent: false, timeout: silenceMs, signal },
        ...{
          protocol: url.protocol,
          hostname: url.hostname.replace(/^\[|\]$/g, ''),
          port: url.port,
          path: base + path,
        },
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...authorizationOf(url, token),
          ...headers,
        },
      })
      sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })))
      sent.on('error', reject)
      sent.on('response', resolve)
      sent.end(body)
    }).catch((error) => {
      signal?.throwIfAborted()
      throw connectionError(url, error)
    })
    return checked(url, answer)
  }
}

async function checked(url: URL, answer: IncomingMessage): Promise<IncomingMessage> {
  const { statusCode: status = 0, headers } = answer
  if (headers[dashboardHeader] === undefined) {
    answer.destroy()
    throw strangerError(url, status, typeOf(headers))
  }
  if (status < 300) return answer
  const text = await readText(url, answer)
  throw new ProblemError(status, text)
}

function typeOf(headers: IncomingHttpHeaders): string {
  return (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
}

export async function readText(url: URL, answer: IncomingMessage): Promise<string> {
  try {
    return Buffer.concat(await answer.toArray()).toString('utf8')
  } catch (error) {
    throw connectionError(url, error as Error)
  }
}
