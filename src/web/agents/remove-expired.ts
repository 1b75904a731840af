import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { plural } from '../../shared/plural.ts'
import { isPartialRequest, redirectTo, swapAs } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { listExpired, removeExpired } from './change-schemas.ts'
import { changedAgents, hasNoAgents } from './list-page.ts'

const removes = { needs: 'admin' } as const

export const removeExpiredRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.removeExpired, { config: removes, schema: listExpired }, async (request, reply) => {
    const agents = request.orchestrator.expiredAgents()
    const model = { agents, count: plural(agents.length, 'expired agent') }
    return respond(request, reply, {
      json: () => ({ agents: agents.map(({ id, name }) => ({ agent_id: id, agent_name: name })) }),
      partial: () => ['agents/_remove-expired', model],
      page: () => ['agents/remove-expired', { title: 'Remove expired agents', section: 'orchestrator', ...model }],
    })
  })

  app.post(routes.removeExpired, { config: removes, schema: removeExpired }, async (request, reply) => {
    const { agent_id: ids } = request.body
    const removed = await request.orchestrator.removeExpired(ids === undefined ? ids : [ids].flat(), request.actor)
    return answer(request, reply, removed)
  })

  async function answer(request: FastifyRequest, reply: FastifyReply, removed: { id: string; name: string }[]) {
    const isOnList = isPartialRequest(request) && !hasNoAgents(request)
    const message = sentenceOf(removed)
    if (!prefersJson(request) && !isOnList) return redirectTo(request, reply, paths.agents(), { message })
    return respond(request, swapAs(reply, 'none'), {
      json: () => ({ status: 'deregistered', agent_ids: removed.map(({ id }) => id) }),
      page: () => changedAgents({ message }),
    })
  }
}

function sentenceOf(removed: { name: string }[]): string {
  if (removed.length === 0) return 'Nothing was removed: no agent is expired any more.'
  if (removed.length === 1) return `Removed ${removed[0]!.name}. Its runs stay.`
  return `Removed ${plural(removed.length, 'agent')}. Their runs stay.`
}
