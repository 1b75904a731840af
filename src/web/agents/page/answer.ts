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

/**
 * Answers with the page of an agent, its region `#agent`, or its JSON; polling, mostly with 304. Throws NotFoundError;
 * a page that polls is told that the agent is gone, and stops.
 */
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

/** Answers after a change: within the page of the agent, where the request came from there, else by leading to it. */
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

/** The region `#agent` as its template prints it. Throws NotFoundError. */
async function agentRegion(app: FastifyInstance, id: string, query: AgentQuery) {
  const { orchestrator } = app
  // Whatever changes while this is put together is then shown by the next poll.
  const tags = { all: tagOf(app), states: stateTagOf(app, id) }
  const found = await orchestrator.agentPage(id, query)
  const now = orchestrator.now()
  return presentAgentPage(found, await presentLatencyChart(found.latency, found.downtimes, now), now, tags)
}

/** Of all that the page shows; as time goes on, its chart does too. */
function tagOf({ orchestrator }: FastifyInstance): string {
  return `W/"${orchestrator.revision()}.${Math.floor(orchestrator.now() / minuteMs)}"`
}

/** Of the agent's state alone. */
function stateTagOf({ orchestrator }: FastifyInstance, id: string): string {
  const { health } = orchestrator.agent(id)
  const { word, detail, reason, isFlapping } = presentHealth(health, orchestrator.now())
  const shown = `${word} ${detail} ${isFlapping} ${health.since} ${reason}`
  return `W/"state.${encodeURIComponent(shown.toWellFormed())}"`
}
