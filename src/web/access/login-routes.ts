import { hostname } from 'node:os'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { publicAddressOf } from '../../config/public-url.ts'
import type { LoggedIn } from '../../orchestrator/access/access.ts'
import { localActor } from '../../shared/actor.ts'
import { AppError, InvalidInputError } from '../../shared/errors.ts'
import { published } from '../http/base-path.ts'
import { dropSession, keepSession } from '../http/cookies/session.ts'
import { redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { safeNext } from './next.ts'
import { logIn, logOut, setUp, showLogin, showSetup } from './schemas.ts'
import { signOnRoutes } from './sign-on-routes.ts'
import { limitTries } from './tries.ts'

const open = { needs: 'anyone' } as const

export const loginRoutes: FastifyPluginAsyncZod<{ publicUrl: string }> = async (app, { publicUrl }) => {
  const { isSecure } = publicAddressOf({ publicUrl })
  const { access } = app.orchestrator
  const tries = await limitTries(app, access.counts, ({ body }) =>
    access.keyOfName((body as { username: string }).username),
  )
  const seenFrom = ({ ip, headers }: FastifyRequest) => ({ address: ip, browser: headers['user-agent'] ?? '' })
  await app.register(signOnRoutes, { isSecure, tries, seenFrom })

  const loginPage = (next: string, more: { name?: string; problem?: string } = {}) => ({
    ...{ title: 'Log in', host: hostname(), next, name: '', ...more },
    signOn: access.signOn && paths.signOn({ next: next === routes.overview ? undefined : next }),
  })

  app.get(routes.login, { config: open, schema: showLogin }, async (request, reply) => {
    const next = safeNext(request.query.next)
    if (await app.identityOf(request)) return reply.redirect(published(next), 303)
    if (!(await access.hasUsers()) && (await access.setup.isOpen())) return reply.redirect(paths.setup(), 303)
    if ((await access.anonymous()) === localActor) return reply.redirect(paths.overview(), 303)
    return reply.view('access/login', loginPage(next))
  })

  app.post(routes.login, { config: open, schema: logIn }, async (request, reply) => {
    const { username: name, password } = request.body
    const next = safeNext(request.body.next)
    try {
      await tries.ofAddress(request, reply)
      // Whoever tries names from elsewhere must not lock out those who log in from here.
      if (!(await access.isKnownAt(name, request.ip))) await tries.ofName(request, reply)
      const loggedIn = await access.logIn({ name, password }, seenFrom(request))
      if (!loggedIn) throw new AppError('wrong-login', 401, 'Name or password is wrong.')
      return welcome(request, reply, loggedIn, next)
    } catch (error) {
      if (!(error instanceof AppError) || prefersJson(request)) throw error
      return again(reply, error, 'access/login', loginPage(next, { name, problem: error.message }))
    }
  })

  // Whose session has ended already is where they want to be.
  app.post(routes.logout, { config: open, schema: logOut }, async (request, reply) => {
    const { sessionId, userId, actor } = (await app.identityOf(request)) ?? {}
    const isOfProvider = userId !== undefined && (await access.users.find(userId)).source === 'oidc'
    if (sessionId !== undefined) await access.logOut(sessionId, { ...actor!, address: request.ip })
    dropSession(reply, isSecure)
    if (prefersJson(request)) return { status: 'logged-out' as const }
    return redirectTo(request, reply, isOfProvider ? paths.signOnLeft() : paths.login())
  })

  app.get(routes.setup, { config: open, schema: showSetup }, async (_request, reply) => {
    if (await access.hasUsers()) return reply.redirect(paths.login(), 303)
    const isOpen = await access.setup.isOpen()
    return reply.view('access/setup', { title: 'Set up', host: hostname(), name: '', isOpen })
  })

  app.post(routes.setup, { config: open, schema: setUp }, async (request, reply) => {
    const { token: secret, username: name, password } = request.body
    try {
      await tries.ofAddress(request, reply)
      const loggedIn = await access.setUp({ secret, name, password }, seenFrom(request))
      return welcome(request, reply, loggedIn, routes.overview)
    } catch (error) {
      if (!(error instanceof AppError) || prefersJson(request)) throw error
      const at = error instanceof InvalidInputError ? error.fields[0]?.field : undefined
      const model = { title: 'Set up', host: hostname(), token: secret, name, isOpen: true, problem: error.message, at }
      return again(reply, error, 'access/setup', model)
    }
  })

  function welcome(request: FastifyRequest, reply: FastifyReply, loggedIn: LoggedIn, next: string) {
    keepSession(reply, loggedIn, isSecure)
    if (!prefersJson(request)) return redirectTo(request, reply, published(next))
    const { name, role } = loggedIn.identity.actor
    return respond(request, reply, { json: () => ({ user: { name, role } }), page: () => ['', {}] })
  }
}

function again(reply: FastifyReply, { status }: AppError, template: string, model: object): FastifyReply {
  return reply.code(status).view(template, model)
}
