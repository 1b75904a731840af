import { hostname } from 'node:os'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { SeenFrom } from '../../orchestrator/access/sessions.ts'
import { AppError } from '../../shared/errors.ts'
import { published } from '../http/base-path.ts'
import { keepSession } from '../http/cookies/session.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson } from '../http/respond.ts'
import { safeNext } from './next.ts'
import { beginSignOn, finishSignOn, showLeft } from './schemas.ts'
import type { Tries } from './tries.ts'

const attemptCookie = 'configurable-agents-sign-on'
const open = { needs: 'anyone' } as const

type Options = { isSecure: boolean; tries: Pick<Tries, 'ofAddress'>; seenFrom: (request: FastifyRequest) => SeenFrom }

/** Begins with a link: a form's redirect to another host is stopped by our own pages' policy. */
export const signOnRoutes: FastifyPluginAsyncZod<Options> = async (app, { isSecure, tries, seenFrom }) => {
  function signOn() {
    const set = app.orchestrator.access.signOn
    if (!set) throw new AppError('no-sign-on', 404, 'This dashboard has no single sign-on.')
    return set
  }
  const cookie = () => ({ ...({ httpOnly: true, sameSite: 'lax', secure: isSecure } as const), path: paths.signOn() })

  app.get(routes.signOn, { config: open, schema: beginSignOn }, async (request, reply) => {
    try {
      await tries.ofAddress(request, reply)
      const { address, secret, seconds } = await signOn().begin(safeNext(request.query.next))
      return reply.setCookie(attemptCookie, secret, { ...cookie(), maxAge: seconds }).redirect(address, 303)
    } catch (error) {
      return refused(request, reply, error)
    }
  })

  app.get(routes.signOnCallback, { config: open, schema: finishSignOn }, async (request, reply) => {
    reply.clearCookie(attemptCookie, cookie())
    try {
      const secret = app.parseCookie(request.headers.cookie ?? '')[attemptCookie]
      const query = request.url.split('?').slice(1).join('?')
      const { loggedIn, next } = await signOn().finish(query, secret, seenFrom(request))
      return keepSession(reply, loggedIn, isSecure).redirect(published(safeNext(next)), 303)
    } catch (error) {
      return refused(request, reply, error)
    }
  })

  // With a link, as at the login: a form may not be redirected to the provider.
  app.get(routes.signOnLeft, { config: open, schema: showLeft }, async (request, reply) => {
    if (await app.identityOf(request)) return reply.redirect(paths.overview(), 303)
    try {
      await tries.ofAddress(request, reply)
      return reply.view('access/left', { title: 'Logged out', hostHere: hostname(), ...(await signOn().there()) })
    } catch (error) {
      return refused(request, reply, error)
    }
  })
}

function refused(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof AppError) || prefersJson(request)) throw error
  const title = error.status === 403 ? 'No access' : 'Not logged in'
  return reply.code(error.status).view('access/refused', { title, host: hostname(), message: error.message })
}
