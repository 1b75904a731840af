import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import plugin from 'fastify-plugin'
import { AppError } from '../../shared/errors.ts'
import { routes } from '../http/paths.ts'

export type ConnectionLimits = {
  /** For a whole request to arrive. */
  requestMs: number
  /** Without traffic; longer than anyone may wait for an answer. */
  silenceMs: number
  /** Node's default is 30 s. */
  checkMs: number
  /** Browsers open up to six each. */
  max: number
  /** Links to a filled-in form are long; Node's default is 16 KiB. */
  maxHeaderBytes: number
}

export const usualConnectionLimits: ConnectionLimits = {
  requestMs: 30_000,
  silenceMs: 360_000,
  checkMs: 1000,
  max: 1000,
  maxHeaderBytes: 64 * 1024,
}

export function connectionOptions({ requestMs, silenceMs, checkMs, maxHeaderBytes }: ConnectionLimits) {
  return {
    return503OnClosing: false,
    requestTimeout: requestMs,
    connectionTimeout: silenceMs,
    http: { headersTimeout: requestMs, connectionsCheckingInterval: checkMs, maxHeaderSize: maxHeaderBytes },
    routerOptions: { maxParamLength: maxHeaderBytes },
  } satisfies FastifyServerOptions & { http: object }
}

export function limitConnections(app: FastifyInstance, { max }: ConnectionLimits): void {
  app.server.maxConnections = max
  app.server.once('drop', () => {
    app.log.warn(`There are ${max} open connections; more are closed at once.`)
  })
}

/** Refuses what still comes on open connections: Fastify would answer pages, too, with JSON of its own. */
export const stopping = plugin(async (app: FastifyInstance) => {
  let isStopping = false
  app.addHook('preClose', (done) => {
    isStopping = true
    done()
  })
  app.addHook('onRequest', ({ url }, _reply, done) => {
    if (!isStopping || url.startsWith(`${routes.assets}/`)) done()
    else done(new AppError('stopping', 503, 'The dashboard is stopping. Nothing was done; try again when it is back.'))
  })
})
