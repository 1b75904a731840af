import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'

import type { BoardQuery } from '../../orchestrator/agents/board.ts'

import { presentHealth, presentSummary } from '../health/state.ts'
import { contentTag, hasTag, sendUnchanged, tagAs } from '../http/etag.ts'
import { isPartialRequest, redirectTo, swapAs } from '../http/htmx.ts'
import { ownAddress } from '../http/own-address.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond, sendHtml } from '../http/respond.ts'
import { boardQueryOf } from './board/query.ts'
import { agentAsJson, agentsAsJson } from './list.ts'
import { changedAgents } from './list-page.ts'
import { checkAgent, checkAll, pollAgents } from './schemas.ts'

const checks = { needs: 'operator' } as const

export const checkAgentRoutes: FastifyPluginAsyncZod = async (app) => {
  const polled = {
    needs: 'viewer',
    isPolled: true,
    revisionOf: (request: FastifyRequest) => app.agentsRegion(request).revision(),
  } as const

  app.get(routes.polledAgents, { config: polled, schema: pollAgents }, async (request, reply) => {
    const query = boardQueryOf(request.query)
    if (prefersJson(request)) return answerProgram(request, reply, query)
    const agentsRegion = app.agentsRegion(request)
    const asked = { zone: request.zone, query, role: request.actor.role }
    const known = request.knownTag ?? agentsRegion.statesTag()
    if (hasTag(request, known, agentsRegion.statesTag)) return sendUnchanged(reply, known)
    await Promise.all([request.orchestrator.agentDays.read(), request.orchestrator.refreshAgents()])
    const { polled: regions, tag } = await agentsRegion.rendered(asked)
    request.keepTag(tag)
    if (hasTag(request, tag)) return sendUnchanged(reply, tag)
    return sendHtml(tagAs(reply, tag), regions)
  })

  async function answerProgram(request: FastifyRequest, reply: FastifyReply, query: BoardQuery) {
    const { orchestrator } = request
    const [days] = await Promise.all([orchestrator.agentDays.read(), orchestrator.refreshAgents()])
    const agents = agentsAsJson(orchestrator.agents(query), days.of)
    const tag = contentTag(agents)
    request.keepTag(tag)
    return hasTag(request, tag) ? sendUnchanged(reply, tag) : tagAs(reply, tag).send(agents)
  }

  app.post(routes.checkAll, { config: checks, schema: checkAll }, async (request, reply) => {
    const isDone = await request.orchestrator.checkAll(request.actor)
    const list = request.orchestrator.agents()
    const states = presentSummary(list.agents).states.map(({ agents, word }) => `${agents} ${word}`)
    return answer(request, reply, {
      json: () => agentsAsJson(list),
      ...(isDone
        ? { message: `Checked: ${states.join(', ') || 'no agents'}.`, tone: 'good' }
        : { message: 'Some agents have not answered yet. Still waiting for them.', tone: 'waiting' }),
    })
  })

  app.post(routes.checkAgent, { config: checks, schema: checkAgent }, async (request, reply) => {
    const id = request.params.id
    const isDone = await request.orchestrator.checkNow(id, request.actor)
    const agent = request.orchestrator.agent(id)
    const { word, detail, reason, tone } = presentHealth(agent.health, request.times)
    const state = [word, detail].filter(Boolean).join(' ')
    return answer(request, reply, {
      json: () => agentAsJson(agent),
      ...(isDone
        ? { message: `${agent.name}: ${[state, reason].filter(Boolean).join('. ')}.`, tone }
        : { message: `${agent.name} has not answered yet. Still waiting for it.`, tone: 'waiting' }),
    })
  })

  type Found = { json: () => unknown; message: string; tone: string }

  async function answer(request: FastifyRequest, reply: FastifyReply, { json, message, tone }: Found) {
    if (!prefersJson(request) && !isPartialRequest(request))
      return redirectTo(request, reply, cameFrom(request), { message, tone })
    return respond(request, swapAs(reply, 'none'), {
      json,
      page: () => changedAgents({ message, tone }),
    })
  }
}

function cameFrom({ headers }: FastifyRequest): string {
  const { referer, host } = headers
  if (referer === undefined || !URL.canParse(referer)) return paths.agents()
  const { host: from, pathname, search } = new URL(referer)
  const path = ownAddress(pathname)
  const isOurs = path === routes.overview || [routes.agents, routes.runs].some((page) => path.startsWith(`${page}/`))
  return from === host && isOurs ? pathname + search : paths.agents()
}
