import type { FastifyInstance, FastifyServerOptions } from 'fastify'

export type ConnectionLimits = {
  /** For the whole of a request to arrive, and for a new connection to send one. */
  requestMs: number
  /** How long nothing may move on a connection, also while its client does not read; longer than anyone may wait for an answer. */
  silenceMs: number
  /** How often those that have to end are looked for. Node's own is 30 s. */
  checkMs: number
  /** More are closed at once. Browsers open up to six each. */
  max: number
  /** For the request line and all headers together. A link to a form that is filled in is long; Node's own is 16 KiB. */
  maxHeaderBytes: number
}

export const usualConnectionLimits: ConnectionLimits = {
  requestMs: 30_000,
  silenceMs: 360_000,
  checkMs: 1000,
  max: 1000,
  maxHeaderBytes: 64 * 1024,
}

/** Options of Fastify that hold clients to the limits on time and on headers. */
export function connectionOptions({ requestMs, silenceMs, checkMs, maxHeaderBytes }: ConnectionLimits) {
  return {
    requestTimeout: requestMs,
    connectionTimeout: silenceMs,
    http: { headersTimeout: requestMs, connectionsCheckingInterval: checkMs, maxHeaderSize: maxHeaderBytes },
    // No address that Node takes is too long: each gets an answer of ours.
    routerOptions: { maxParamLength: maxHeaderBytes },
  } satisfies FastifyServerOptions & { http: object }
}

/** Holds clients to the limit on their number, and says in the log, once, when it is reached. */
export function limitConnections(app: FastifyInstance, { max }: ConnectionLimits): void {
  app.server.maxConnections = max
  app.server.once('drop', () => {
    app.log.warn(`There are ${max} open connections; more are closed at once.`)
  })
}
