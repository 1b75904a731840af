import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ShownUser } from '../../orchestrator/access/users.ts'
import { localActor } from '../../shared/actor.ts'
import { AppError, InvalidInputError } from '../../shared/errors.ts'
import { isPartialRequest, redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { presentSide } from '../system/side.ts'
import { agentNames, agentsTyped } from './agent-choice.ts'
import { presentUser, userAsJson } from './people.ts'
import { presentPasswordForm, presentUserForm } from './user-form.ts'
import {
  addUser,
  changeUser,
  listUsers,
  removeUser,
  setPassword,
  showForm,
  showFormOfUser,
  showUser,
} from './user-schemas.ts'

const admits = { needs: 'admin' } as const

export const userRoutes: FastifyPluginAsyncZod = async (app) => {
  const { access } = app.orchestrator
  const { users } = access

  async function known(user: ShownUser) {
    return { user, sessions: await access.sessions(user.id) }
  }

  app.get(routes.users, { config: admits, schema: listUsers }, async (request, reply) => {
    const [all, sessions] = await Promise.all([users.all(), access.sessions()])
    const found = all.map((user) => ({ user, sessions: sessions.filter(({ userId }) => userId === user.id) }))
    const { times, identity } = request
    return respond(request, reply, {
      json: () => ({ users: found.map(userAsJson) }),
      page: () => [
        'access/users',
        {
          ...{ title: 'Users', section: 'system', side: presentSide('users') },
          users: found.map((one) => presentUser(one, { ownId: identity?.userId, agents: agentNames(request) }, times)),
        },
      ],
    })
  })

  app.get(routes.newUser, { config: admits, schema: showForm }, async (request, reply) =>
    sendForm(
      request,
      reply,
      'access/_user-form',
      presentUserForm({ known: agentNames(request), isFirst: isFirst(request) }),
    ),
  )

  app.post(routes.users, { config: admits, schema: addUser }, async (request, reply) => {
    const { sees, agent, agents = agentsTyped({ sees, agent }), ...typed } = request.body
    return orForm(request, reply, {
      change: async () => {
        if (isFirst(request) && typed.role !== 'admin') throw firstIsNoAdmin()
        const user = await users.add({ ...typed, agents: agents ?? null }, request.actor)
        return prefersJson(request) ? reply.send(userAsJson(await known(user))) : toUsers(request, reply)
      },
      again: (error) => [
        'access/_user-form',
        presentUserForm({
          known: agentNames(request),
          isFirst: isFirst(request),
          refusal: { typed: { ...typed, agents }, error },
        }),
      ],
    })
  })

  app.get(routes.user, { config: admits, schema: showUser }, async (request, reply) => {
    const user = await users.find(request.params.id)
    if (prefersJson(request)) return userAsJson(await known(user))
    return sendForm(request, reply, 'access/_user-form', presentUserForm({ known: agentNames(request), user }))
  })

  app.post(routes.user, { config: admits, schema: changeUser }, async (request, reply) => {
    const user = await users.find(request.params.id)
    const { role, sees, agent, agents = agentsTyped({ sees, agent }) } = request.body
    return orForm(request, reply, {
      change: async () => {
        const changed = await users.change(
          user.id,
          { ...(role && { role }), ...(agents !== undefined && { agents }) },
          request.actor,
        )
        return prefersJson(request) ? reply.send(userAsJson(await known(changed))) : toUsers(request, reply, user.id)
      },
      again: (error) => [
        'access/_user-form',
        presentUserForm({ known: agentNames(request), user, refusal: { typed: { role, agents }, error } }),
      ],
    })
  })

  app.get(routes.userPassword, { config: admits, schema: showFormOfUser }, async (request, reply) =>
    sendForm(request, reply, 'access/_password-form', presentPasswordForm(await users.find(request.params.id))),
  )

  app.post(routes.userPassword, { config: admits, schema: setPassword }, async (request, reply) => {
    const user = await users.find(request.params.id)
    return orForm(request, reply, {
      change: async () => {
        await users.setPassword(user.id, request.body.password, request.actor)
        return prefersJson(request) ? reply.send({ status: 'changed' }) : toUsers(request, reply)
      },
      again: (error) => ['access/_password-form', presentPasswordForm(user, error)],
    })
  })

  app.get(routes.removeUser, { config: admits, schema: showFormOfUser }, async (request, reply) => {
    const { id, name } = await users.find(request.params.id)
    return sendForm(request, reply, 'access/_remove-user', { ...removal(id, name), problem: '' })
  })

  app.post(routes.removeUser, { config: admits, schema: removeUser }, async (request, reply) =>
    remove(request, reply, request.params.id),
  )
  app.delete(routes.user, { config: admits, schema: removeUser }, async (request, reply) =>
    remove(request, reply, request.params.id),
  )

  async function remove(request: FastifyRequest, reply: FastifyReply, id: string) {
    const { name } = await users.find(id)
    return orForm(request, reply, {
      change: async () => {
        await users.remove(id, request.actor)
        return prefersJson(request) ? reply.send({ status: 'removed' }) : toUsers(request, reply)
      },
      again: (error) => ['access/_remove-user', { ...removal(id, name), problem: error.message }],
    })
  }
}

const removal = (id: string, name: string) => ({ title: `Remove ${name}?`, name, path: paths.removeUser(id) })
const isFirst = ({ actor }: FastifyRequest) => actor.id === localActor.id

function firstIsNoAdmin(): InvalidInputError {
  const message = 'The first user has to be an admin, who can add the others.'
  return new InvalidInputError([{ field: 'role', message }])
}

/** Who changes their own role may not see the users any more. */
function toUsers(request: FastifyRequest, reply: FastifyReply, changedId?: string) {
  const isOwn = changedId !== undefined && changedId === request.identity?.userId
  return redirectTo(request, reply, isOwn ? paths.account() : paths.users())
}

type Form = [template: string, form: { title: string } & Record<string, unknown>]

function sendForm(request: FastifyRequest, reply: FastifyReply, ...[template, form]: Form) {
  if (isPartialRequest(request)) return reply.view(template, form)
  return reply.view('access/form', { title: form.title, section: 'system', template, form })
}

/** The form once more, with what was typed and what is wrong with it. */
async function orForm(
  request: FastifyRequest,
  reply: FastifyReply,
  { change, again }: { change: () => Promise<FastifyReply>; again: (error: AppError) => Form },
): Promise<FastifyReply> {
  try {
    return await change()
  } catch (error) {
    const isAtForm = error instanceof AppError && error.status < 500 && error.status !== 404
    if (!isAtForm || prefersJson(request)) throw error
    return sendForm(request, reply.code(error.status), ...again(error))
  }
}
