import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { hostAndPort } from '../../shared/endpoint.ts'
import { checkCertificate } from './certificate.ts'
import { loadUndici } from './client.ts'
import type { Address } from './names/names.ts'
import { lookupOf, type Routes } from './names/routes.ts'
import type { Trust } from './trust.ts'

type OutgoingRequest = {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string | undefined
  trust?: Trust | undefined
  /** Ends the call at any moment, even while the body is read. */
  signal: AbortSignal
  /** Called just before the first byte: what fails earlier cannot have reached anyone. */
  onSend: () => void
}

/** Header names are in lower case. */
export type IncomingAnswer = {
  status: number
  statusText: string
  headers: Record<string, string>
  body: AsyncIterable<Uint8Array>
  /** Closes the connection. Has to be called, whether the body was read or not. */
  close(): void
}

/** Sends one request, once: no retry, no redirect. Throws whatever went wrong. */
export type Transport = (request: OutgoingRequest) => Promise<IncomingAnswer>

const connectTimeoutMs = 10_000
/** A silent address delays the next one no longer than this. */
const nextAddressMs = 500

/** Opens a connection per request: an idle one may be closed by the agent just as a run is sent on it. */
export function createTransport(routes: Routes): Transport {
  return async ({ method, url, headers, body, trust, signal, onSend }) => {
    const { origin, pathname, search } = new URL(url)
    const { host } = hostAndPort(url)
    const connector = connectorTo(await routes.to(host, signal), trust)
    signal.throwIfAborted()
    let connecting: Socket | undefined
    const connect: buildConnector.connector = (options, callback) => {
      connecting = connector(options, (...[error, socket]) => {
        connecting = undefined
        if (error !== null) {
          routes.doubt(host)
          return callback(error, null)
        }
        const refused = refusalOf(socket, trust)
        if (refused) {
          socket.destroy()
          return callback(refused, null)
        }
        onSend()
        callback(null, socket)
      }) as unknown as Socket
    }
    const { Client, request } = loadUndici()
    const client = new Client(origin, { connect, pipelining: 0, headersTimeout: 0, bodyTimeout: 0 })
    const stop = (reason: Error | null) => {
      signal.removeEventListener('abort', abort)
      // undici would finish opening the connection.
      connecting?.destroy(new Error('nobody waits for it any more'))
      client.destroy(reason).catch(() => undefined)
    }
    const abort = () => stop(signal.reason)
    signal.addEventListener('abort', abort)
    try {
      const answer = await request.call(client, {
        method,
        path: pathname + search,
        headers,
        ...(body !== undefined && { body }),
      })
      return {
        status: answer.statusCode,
        statusText: answer.statusText,
        headers: joined(answer.headers),
        body: answer.body,
        close: () => stop(null),
      }
    } catch (error) {
      stop(null)
      throw error
    }
  }
}

function refusalOf(socket: Socket, trust: Trust | undefined): Error | undefined {
  try {
    checkCertificate(socket, trust)
    return undefined
  } catch (error) {
    return error as Error
  }
}

function connectorTo(addresses: Address[], trust: Trust | undefined): buildConnector.connector {
  return loadUndici().buildConnector({
    rejectUnauthorized: false,
    ...(trust && 'ca' in trust && { ca: trust.ca }),
    timeout: connectTimeoutMs,
    allowH2: false,
    maxCachedSessions: 0,
    lookup: lookupOf(addresses),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: nextAddressMs,
  })
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}
