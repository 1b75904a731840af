import type { IncomingMessage } from 'node:http'
import { hostname } from 'node:os'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import plugin from 'fastify-plugin'
import { knowsPlaces, nobody } from '../../shared/actor.ts'
import { AppError, ForbiddenError, LoginNeededError, NotFoundError, StorageFaultError } from '../../shared/errors.ts'
import { failureTitle, mayPassLater } from '../http/failure-words.ts'
import { isForDialog, isPartialRequest, loggedOutHeader, swapAs } from '../http/htmx.ts'
import { ownAddress } from '../http/own-address.ts'
import { paths, routes } from '../http/paths.ts'
import { problemDetails } from '../http/problem-details.ts'
import { beginsWithToken, withoutToken } from '../http/registry-address.ts'
import { prefersJson } from '../http/respond.ts'
import { RefusedRequest } from './guard.ts'

const refusals: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'The request is too large: at most 8 MiB can be sent.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send the request as application/json or as a form.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The request was cut short.',
}

/** For `rewriteUrl`: Fastify would answer a URL that cannot be decoded itself, past the guard. */
export function readableAddress(this: FastifyInstance, request: IncomingMessage): string {
  const { method = 'GET', url = '/' } = request
  const hasRoute = (route: string) => this.hasRoute({ method: method as HTTPMethods, url: route })
  const own = withoutToken(request, beginsWithToken(url) ? url : ownAddress(url, hasRoute))
  // Python's clients do not encode "%" in an agent's id.
  const address = own.startsWith(`${routes.registeredAgents}/`) ? own.replace(/%(?![\da-f]{2})/gi, '%25') : own
  if (!address.includes('%')) return address
  try {
    decodeURIComponent(address.split('?')[0]!)
    return address
  } catch {
    return routes.badAddress
  }
}

export const failures = plugin(async (app: FastifyInstance) => {
  app.setErrorHandler((thrown: FastifyError, request, reply) => {
    const cause = app.orchestrator.explain(thrown)
    const error = toAppError(cause, request)
    request.failure = error.code === 'unexpected' ? cause : error
    return answer(error, request, reply)
  })
  app.all(routes.badAddress, { config: { needs: 'viewer' }, schema: { hide: true } }, () => {
    throw new AppError('bad-request', 400, 'The address is not valid.')
  })
  app.setNotFoundHandler((request, reply) =>
    answer(new NotFoundError('page', request.url.split('?')[0]!), request, reply),
  )
})

/** Sent by a browser without JavaScript, or past it. */
const isForm = ({ headers }: FastifyRequest) =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true

function toAppError(error: unknown, { method }: FastifyRequest): AppError {
  if (error instanceof AppError) return error
  const { statusCode: status = 500, code } = error as FastifyError
  if (status >= 400 && status < 500) {
    return new AppError('bad-request', status, refusals[code] ?? 'The request could not be understood.')
  }
  const check = method === 'GET' || method === 'HEAD' ? '' : ' It may have been done: check before you try again.'
  return new AppError('unexpected', 500, `Unexpected error in the dashboard. See its log.${check}`)
}

function answer(error: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = knowsPlaces(request.actor) ? error.messageForAdmins : error.message
  reply.code(error.status)
  if (error instanceof LoginNeededError) reply.headers({ 'www-authenticate': 'Bearer', [loggedOutHeader]: '1' })
  if (prefersJson(request))
    return reply.type('application/problem+json').send(problemDetails({ ...error, message }, request.id))
  if (isForDialog(request))
    return reply.view('shared/_dialog-problem', {
      title: failureTitle(error.status),
      message,
      isLoggedOut: error instanceof LoginNeededError,
    })
  // The page itself says that it is logged out, once for all that it asks for.
  if (error instanceof LoginNeededError && isPartialRequest(request)) return swapAs(reply, 'none').send('')
  if (isPartialRequest(request)) return swapAs(reply, 'none').view('shared/_toast', { tone: 'bad', message })
  if (error instanceof LoginNeededError && request.method === 'GET')
    return reply.redirect(paths.login({ next: request.url }), 303)
  if (error instanceof LoginNeededError && isForm(request))
    return reply.view('access/logged-out', { title: 'You are logged out', host: hostname() })
  if (error instanceof ForbiddenError && request.actor === nobody)
    return reply.view('access/refused', { title: 'No access', host: hostname(), message })
  if (error instanceof StorageFaultError && request.actor.id === nobody.id && request.method === 'GET') {
    const what = `The database cannot be ${error.code === 'storage-unreachable' ? 'reached' : 'used'}`
    return reply.view('access/unavailable', { title: failureTitle(error.status), host: hostname(), what })
  }
  // No page: it would name the database file.
  if (error instanceof RefusedRequest || request.actor.id === nobody.id || request.identity?.kind === 'registration')
    return reply.type('text/plain; charset=utf-8').send(`${message}\n`)
  return reply.view('shared/failure', {
    title: failureTitle(error.status),
    section: '',
    status: error.status,
    message,
    requestId: error.status >= 500 ? request.id : undefined,
    mayReload: mayPassLater(error.status) && request.method === 'GET',
    maySendAgain: mayPassLater(error.status) && error.status !== 500 && isForm(request),
    ways: waysFrom(request.url),
  })
}

/** Where to go on; the list that the address belongs to leads on best. */
function waysFrom(url: string) {
  const isWithin = (route: string) => url.startsWith(`${route}/`)
  const best = isWithin(routes.runs) ? 'Runs' : isWithin(routes.agents) ? 'Orchestrator' : 'Overview'
  const ways = { Overview: paths.overview(), Orchestrator: paths.agents(), Runs: paths.runs() }
  return Object.entries(ways).map(([name, path]) => ({ name, path, isBest: name === best }))
}
