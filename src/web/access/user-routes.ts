import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ShownUser } from '../../orchestrator/access/users.ts'
import { localActor } from '../../shared/actor.ts'
import { InvalidInputError } from '../../shared/errors.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { presentSide } from '../system/side.ts'
import { agentNames, agentsTyped } from './agent-choice.ts'
import { presentUser, userAsJson } from './people.ts'
import { presentUserForm } from './user-form.ts'
import { orForm, sendForm, toUsers } from './user-forms.ts'
import { addUser, changeUser, listUsers, showForm, showUser } from './user-schemas.ts'

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
        if (!prefersJson(request)) return toUsers(request, reply, `Added ${user.name}.`)
        return reply.send(userAsJson(await known(user)))
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
        if (!prefersJson(request)) return toUsers(request, reply, `Saved ${user.name}.`, user.id)
        return reply.send(userAsJson(await known(changed)))
      },
      again: (error) => [
        'access/_user-form',
        presentUserForm({ known: agentNames(request), user, refusal: { typed: { role, agents }, error } }),
      ],
    })
  })
}

const isFirst = ({ actor }: FastifyRequest) => actor.id === localActor.id

function firstIsNoAdmin(): InvalidInputError {
  const message = 'The first user has to be an admin, who can add the others.'
  return new InvalidInputError([{ field: 'role', message }])
}
