import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import plugin from 'fastify-plugin'
import { AppError, StorageFaultError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { routes } from '../http/paths.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The AppError it was answered with, or the cause of an unexpected one. */
    failure: unknown
  }
}

const maxUrlLength = 500

const subjects = [
  [routes.bulkAction, 'bulkId'],
  [routes.run, 'runId'],
  [routes.agent, 'agentId'],
  [routes.registeredAgent, 'agentId'],
] as const

/** Fastify's own request log is off. */
export class RequestLogController extends LogController {
  constructor() {
    super({ disableRequestLogging: true })
  }

  /** An error in the middle of an answer, which then looks cut off. */
  override streamError(error: Error & { code?: string }, request: FastifyRequest): void {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') request.failure = request.server.orchestrator.explain(error)
  }
}

/** One line per request, at debug; answers of 500 and above at warn or error. */
export const requestLog = plugin(async (app: FastifyInstance, { elapsed }: Pick<Clock, 'elapsed'>) => {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.decorateRequest('failure', undefined)
  app.addHook('onRequest', (request, reply, done) => {
    const startedAt = elapsed()
    reply.raw.once('close', () => {
      const level = levelOf(request, reply)
      // While stopping, requests whose clients left may fail on the closed database.
      write(request, reply, isClosing && !reply.raw.writableFinished ? 'debug' : level, elapsed() - startedAt)
    })
    done()
  })

  function levelOf({ failure }: FastifyRequest, { statusCode }: FastifyReply): 'error' | 'warn' | 'debug' {
    if (failure !== undefined && !(failure instanceof AppError)) return 'error'
    if (statusCode < 500) return 'debug'
    // The store has announced that itself.
    return failure instanceof StorageFaultError || app.orchestrator.storageFault() ? 'debug' : 'warn'
  }
})

function write(request: FastifyRequest, reply: FastifyReply, level: 'error' | 'warn' | 'debug', tookMs: number): void {
  if (level === 'debug' && !isOn(request.log)) return
  const { method, originalUrl, failure } = request
  const isExpected = failure instanceof AppError
  request.log[level](
    {
      requestId: request.id,
      method,
      url: withoutValues(originalUrl),
      status: reply.statusCode,
      durationMs: Math.round(tookMs * 10) / 10,
      ...subjectOf(request),
      ...(isExpected && { code: failure.code }),
      ...(failure !== undefined && !isExpected && { err: failure }),
    },
    isExpected && reply.statusCode >= 500 ? failure.messageForAdmins : level === 'debug' ? 'Request' : 'Request failed',
  )
}

export const isOn = (log: FastifyBaseLogger): boolean => log.level === 'debug' || log.level === 'trace'

function subjectOf({ routeOptions, params }: FastifyRequest): Record<string, string> {
  const { id } = (params ?? {}) as { id?: string }
  const subject = subjects.find(([route]) => routeOptions.url?.startsWith(route))
  return subject && id !== undefined ? { [subject[1]]: id } : {}
}

/** Values may hold searches or inputs. */
function withoutValues(url: string): string {
  const [path, query] = url.split('?', 2)
  const names = query === undefined ? [] : [...new Set(query.split('&').map((pair) => pair.split('=', 1)[0]))]
  return `${path}${names.length > 0 ? `?${names.join('&')}` : ''}`.slice(0, maxUrlLength)
}
