import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { paths, routes } from '../http/paths.ts'
import { prefersJson } from '../http/respond.ts'
import { presentPasswordForm } from './user-form.ts'
import { orForm, sendForm, toUsers } from './user-forms.ts'
import { removeUser, removeUserByForm, setPassword, showFormOfUser } from './user-schemas.ts'

const admits = { needs: 'admin' } as const

export const userActionRoutes: FastifyPluginAsyncZod = async (app) => {
  const { users } = app.orchestrator.access

  app.get(routes.userPassword, { config: admits, schema: showFormOfUser }, async (request, reply) =>
    sendForm(request, reply, 'access/_password-form', presentPasswordForm(await users.find(request.params.id))),
  )

  app.post(routes.userPassword, { config: admits, schema: setPassword }, async (request, reply) => {
    const user = await users.find(request.params.id)
    return orForm(request, reply, {
      change: async () => {
        await users.setPassword(user.id, request.body.password, request.actor)
        if (prefersJson(request)) return reply.send({ status: 'changed' })
        return toUsers(request, reply, `Changed the password of ${user.name}.`)
      },
      again: (error) => ['access/_password-form', presentPasswordForm(user, error)],
    })
  })

  app.get(routes.removeUser, { config: admits, schema: showFormOfUser }, async (request, reply) => {
    const { id, name } = await users.find(request.params.id)
    return sendForm(request, reply, 'access/_remove-user', { ...removal(id, name), problem: '' })
  })

  app.post(routes.removeUser, { config: admits, schema: removeUserByForm }, async (request, reply) =>
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
        return prefersJson(request) ? reply.send({ status: 'removed' }) : toUsers(request, reply, `Removed ${name}.`)
      },
      again: (error) => ['access/_remove-user', { ...removal(id, name), problem: error.message }],
    })
  }
}

const removal = (id: string, name: string) => ({ title: `Remove ${name}?`, name, path: paths.removeUser(id) })
