import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { AppError, ForbiddenError, NotFoundError } from '../../shared/errors.ts'
import { plural } from '../../shared/plural.ts'
import { includesRole } from '../../shared/role.ts'
import { redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { presentSide } from '../system/side.ts'
import { changeOwnPassword, endOtherSessions, endSession, listSessions, showAccount } from './account-schemas.ts'
import { presentSession, sessionAsJson } from './people.ts'
import { limitTries } from './tries.ts'
import { presentOwnPassword } from './user-form.ts'

const owns = { needs: 'viewer' } as const

export const accountRoutes: FastifyPluginAsyncZod = async (app) => {
  const { access } = app.orchestrator
  const tries = await limitTries(app, access.counts, ({ identity }) => identity?.userId ?? '')

  app.get(routes.account, { config: owns, schema: showAccount }, async (request, reply) => sendAccount(request, reply))

  app.post(routes.accountPassword, { config: owns, schema: changeOwnPassword }, async (request, reply) => {
    const { userId, sessionId } = own(request)
    try {
      await tries.ofName(request, reply)
      await access.users.changeOwnPassword(userId, request.body, request.actor, sessionId)
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500 || prefersJson(request)) throw error
      return sendAccount(request, reply, error)
    }
    if (prefersJson(request)) return reply.send({ status: 'changed' })
    return redirectTo(request, reply, paths.account(), { message: 'Password changed.' })
  })

  app.post(routes.endOtherSessions, { config: owns, schema: endOtherSessions }, async (request, reply) => {
    const { userId, sessionId } = own(request)
    const others = (await access.sessions(userId)).filter(({ id }) => id !== sessionId)
    for (const { id } of others) await access.endSession(id, request.actor)
    if (prefersJson(request)) return reply.send({ status: 'ended' })
    const message = `Ended ${plural(others.length, 'other session')}.`
    return redirectTo(request, reply, paths.account(), { message })
  })

  app.post(routes.endSession, { config: owns, schema: endSession }, async (request, reply) => {
    const { actor, identity, params } = request
    const session = (await access.sessions()).find(({ id }) => id === params.id)
    const isOwn = session !== undefined && session.userId === identity?.userId
    // Who may not end it learns not whether it is there.
    if (!isOwn && !includesRole(actor.role, 'admin')) throw new ForbiddenError('You can end your own sessions only.')
    if (!session || !(await access.endSession(session.id, actor))) throw new NotFoundError('page', request.url)
    const back = isOwn ? paths.account() : paths.userSessions(session.userId)
    if (prefersJson(request)) return reply.send({ status: 'ended' })
    const isThis = session.id === identity?.sessionId
    return redirectTo(request, reply, back, isThis ? undefined : { message: 'Ended the session.' })
  })

  app.get(routes.userSessions, { config: { needs: 'admin' }, schema: listSessions }, async (request, reply) => {
    const { id, name } = await access.users.find(request.params.id)
    const sessions = await access.sessions(id)
    const thisId = request.identity?.sessionId
    return respond(request, reply, {
      json: () => ({ sessions: sessions.map((one) => sessionAsJson(one, thisId)) }),
      page: () => [
        'access/sessions',
        {
          ...{ title: `Sessions of ${name}`, section: 'system', side: presentSide('users') },
          sessions: sessions.map((one) => presentSession(one, thisId, request.times)),
        },
      ],
    })
  })

  async function sendAccount(request: FastifyRequest, reply: FastifyReply, error?: AppError) {
    const { userId, sessionId } = own(request)
    if (error) reply.code(error.status)
    const [sessions, { source }] = await Promise.all([access.sessions(userId), access.users.find(userId)])
    return respond(request, reply, {
      json: () => ({ sessions: sessions.map((one) => sessionAsJson(one, sessionId)) }),
      page: () => [
        'access/account',
        {
          ...{ title: 'Account', section: 'system', side: presentSide('account') },
          sessions: sessions.map((one) => presentSession(one, sessionId, request.times)),
          password: source === 'password' ? presentOwnPassword(error) : undefined,
        },
      ],
    })
  }
}

function own({ identity }: FastifyRequest): { userId: string; sessionId: string } {
  const { userId, sessionId } = identity ?? {}
  if (userId === undefined || sessionId === undefined) {
    throw new ForbiddenError('Only people who have logged in have an account.')
  }
  return { userId, sessionId }
}
