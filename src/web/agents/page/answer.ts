import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AgentQuery } from '../../../orchestrator/agents/page.ts'
import { minuteMs } from '../../../shared/durations.ts'
import { NotFoundError } from '../../../shared/errors.ts'
import { presentLatencyChart } from '../../health/latency-chart.ts'
import { presentHealth } from '../../health/state.ts'
import { isKnown } from '../../http/etag.ts'
import { isFromPage, isPartialRequest, redirectTo, swapAs } from '../../http/htmx.ts'
import { paths, pathsOfAgentPage } from '../../http/paths.ts'
import { prefersJson, respond } from '../../http/respond.ts'
import { agentPageAsJson } from './json.ts'
import { presentAgentPage } from './page.ts'
import { queryFields, readAgentQuery } from './query.ts'

/** The page of an agent, its region `#agent`, or JSON. Throws NotFoundError; polls are answered so that they stop. */
export async function answerAgentPage(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, id: string) {
  const { orchestrator } = app
  const query = readAgentQuery(request)
  if (prefersJson(request)) {
    const found = await orchestrator.agentPage(id, query)
    return reply.type('application/json; charset=utf-8').send(agentPageAsJson(found))
  }
  if (!isPartialRequest(request)) {
    const agent = await agentRegion(app, id, query)
    const page = { title: agent.name, section: 'orchestrator', agent }
    return respond(request, reply, { json: () => undefined, page: () => ['agents/page/page', page] })
  }
  try {
    const isAsShown = isKnown(request, reply, tagOf(app), () => stateTagOf(app, id))
    if (isAsShown) return reply.code(304).send()
    return reply.view('agents/page/_agent', await agentRegion(app, id, query))
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error
    return reply.code(404).view('agents/page/_gone', { id, runsPath: paths.runs({ agent: id }) })
  }
}

export async function answerChangedAgent(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  message: string,
) {
  const query = readAgentQuery(request)
  if (!isPartialRequest(request) || !isFromPage(request, pathsOfAgentPage(id))) {
    return redirectTo(request, reply, paths.agentPage(id, queryFields(query)))
  }
  return swapAs(reply, 'none').view('agents/page/_changed', { agent: await agentRegion(app, id, query), message })
}

async function agentRegion(app: FastifyInstance, id: string, query: AgentQuery) {
  const { orchestrator } = app
  const tags = { all: tagOf(app), states: stateTagOf(app, id) }
  const found = await orchestrator.agentPage(id, query)
  const now = orchestrator.now()
  return presentAgentPage(found, await presentLatencyChart(found.latency, found.downtimes, now), now, tags)
}

function tagOf({ orchestrator }: FastifyInstance): string {
  return `W/"${orchestrator.revision()}.${Math.floor(orchestrator.now() / minuteMs)}"`
}

function stateTagOf({ orchestrator }: FastifyInstance, id: string): string {
  const { health } = orchestrator.agent(id)
  const { word, detail, reason, isFlapping } = presentHealth(health, orchestrator.now())
  const shown = `${word} ${detail} ${isFlapping} ${health.since} ${reason}`
  return `W/"state.${encodeURIComponent(shown.toWellFormed())}"`
}
