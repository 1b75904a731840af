import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { AppError } from '../../shared/errors.ts'
import { readCredentialForm, withLoginTaken, withoutEmpty } from '../credentials/request.ts'
import { isPartialRequest, redirectTo, swapAs } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { type RegistrationForm, registerAgent, showRegisterForm } from './change-schemas.ts'
import { checkedAsJson, presentChecked } from './checked.ts'
import { agentsPage, changedAgents } from './list-page.ts'
import { presentRegisterForm } from './register-form.ts'

const registers = { needs: 'admin' } as const

export const registerAgentRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.register, { config: registers, schema: showRegisterForm }, async (request, reply) => {
    if (!isPartialRequest(request)) return reply.redirect(`${paths.agents()}#register`)
    return reply.view('agents/_register', presentRegisterForm(request.query, { isCleared: true }))
  })

  app.post(routes.register, { config: registers, schema: registerAgent }, async (request, reply) => {
    const typed = withLoginTaken(request.body)
    try {
      const { agent, isUpdate, checked } = await request.orchestrator.register(
        withoutEmpty(readCredentialForm(typed, undefined)),
        request.actor,
      )
      const done = `${isUpdate ? 'Updated' : 'Registered'} ${agent.name}`
      // Without a problem, it was registered because it is well.
      const told = checked.problem === undefined ? undefined : checked
      const { message, tone } = presentChecked(done, told)
      const leadsTo = prefersJson(request) ? undefined : nextPage(request, typed, agent)
      if (leadsTo !== undefined) return redirectTo(request, reply, leadsTo, { message, tone })
      return respond(request, swapAs(reply, 'outerHTML'), {
        json: () => ({
          status: 'registered',
          agent_id: agent.id,
          agent_name: agent.name,
          agent_url: agent.url,
          ...(agent.credential && { credential: agent.credential.kind }),
          message,
          check: checkedAsJson(told),
        }),
        page: () => changedAgents({ register: presentRegisterForm(), message, tone }),
      })
    } catch (error) {
      if (!(error instanceof AppError) || prefersJson(request)) throw error
      return sendRefused(request, reply, typed, error)
    }
  })

  function sendRefused(request: FastifyRequest, reply: FastifyReply, typed: RegistrationForm, error: AppError) {
    const register = presentRegisterForm(typed, { error })
    return respond(request, reply.code(error.status), {
      json: () => undefined,
      partial: () => ['agents/_register', register],
      page: () => agentsPage(app, request, { register }),
    })
  }
}

/** Where the browser goes; undefined where the list on its page takes in the agent. */
function nextPage(
  request: FastifyRequest,
  { next, first }: RegistrationForm,
  { id }: { id: string },
): string | undefined {
  const isPartial = isPartialRequest(request)
  if (next === 'execute') return isPartial ? paths.agents({ execute: id }) : paths.execute(id)
  return isPartial && first !== '1' ? undefined : paths.agents()
}
