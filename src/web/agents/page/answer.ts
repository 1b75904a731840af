import type { FastifyReply, FastifyRequest } from 'fastify'

import type { AgentPage, AgentQuery } from '../../../orchestrator/agents/page.ts'

import { NotFoundError } from '../../../shared/errors.ts'
import { minuteMs } from '../../../shared/time/durations.ts'
import { presentLatencyChart } from '../../health/latency-chart.ts'
import { presentHealth } from '../../health/state.ts'
import type { Done } from '../../http/cookies/done.ts'
import { contentTag, isKnown, notModified, tagIn } from '../../http/etag.ts'
import { isFromPage, isPartialRequest, redirectTo, swapAs } from '../../http/htmx.ts'
import { paths, pathsOfAgentPage } from '../../http/paths.ts'
import { prefersJson, respond, sendJsonText } from '../../http/respond.ts'
import { changedAgents } from '../list-page.ts'
import { agentPageAsJson } from './json.ts'
import { presentAgentPage, type ShownAgentPage } from './page.ts'
import { queryFields } from './query.ts'

type Asked = { id: string; query: AgentQuery }

/** The page of an agent, its region `#agent`, or JSON. Throws NotFoundError; polls are answered so that they stop. */
export async function answerAgentPage(request: FastifyRequest, reply: FastifyReply, asked: Asked) {
  const { id, query } = asked
  if (prefersJson(request)) {
    const found = await request.orchestrator.agentPage(id, query, request.zone)
    return sendJsonText(reply, agentPageAsJson(found))
  }
  try {
    if (!isPartialRequest(request)) {
      const agent = await agentRegion(request, id, query)
      const page = { title: agent.name, section: 'orchestrator', agent }
      return respond(request, reply, { json: () => undefined, page: () => ['agents/page/page', page] })
    }
    const states = () => stateTagOf(request, id)
    const known = request.knownTag ?? states()
    if (isKnown(request, reply, known, states)) return notModified(reply)
    const region = await agentRegion(request, id, query)
    if (isKnown(request, reply, region.tags.all)) return notModified(reply)
    return reply.view('agents/page/_agent', region)
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error
    return answerGone(request, reply, id, error.message)
  }
}

function answerGone(request: FastifyRequest, reply: FastifyReply, id: string, title: string) {
  const gone = { section: 'orchestrator', id, runsPath: paths.runs({ agent: id }) }
  reply.code(404)
  if (isPartialRequest(request)) {
    return reply.view('agents/page/_gone', { ...gone, title: id, message: 'This agent was removed. Its runs stay.' })
  }
  return reply.view('agents/page/gone', { ...gone, title, message: 'It may have been removed. Its runs stay.' })
}

export async function answerChangedAgent(
  request: FastifyRequest,
  reply: FastifyReply,
  { id, query, message, tone = 'good' }: Asked & Done,
) {
  if (isPartialRequest(request) && isFromPage(request, [paths.agents()])) {
    return swapAs(reply, 'none').view(...changedAgents({ message, tone }))
  }
  if (!isPartialRequest(request) || !isFromPage(request, pathsOfAgentPage(id))) {
    return redirectTo(request, reply, paths.agentPage(id, queryFields(query)), { message, tone })
  }
  return swapAs(reply, 'none').view('agents/page/_changed', {
    agent: await agentRegion(request, id, query),
    message,
    tone,
  })
}

async function agentRegion(request: FastifyRequest, id: string, query: AgentQuery) {
  const { times, actor } = request
  const states = stateTagOf(request, id)
  const found = await request.orchestrator.agentPage(id, query, times.zone)
  const page = presentAgentPage(found, await presentLatencyChart(found.latency, found.downtimes, times), times)
  const all = contentTag([factsOf(found, page), Math.floor(times.now / minuteMs), times.zone.name, actor.role])
  request.keepTag(all)
  return { ...page, tags: { all, states } }
}

/** All that the page is made of, without what moves on with each moment: that is shown anew every minute. */
function factsOf({ latency, uptime, runs, ...found }: AgentPage, { facts, health, schema, answer }: ShownAgentPage) {
  const { query, downtimes, incidents, hasMoreIncidents, allRuns, costs, agent } = found
  const { to: _, ...points } = latency
  return {
    ...{ query, downtimes, incidents, hasMoreIncidents, runs, allRuns, costs, facts, health, schema, answer },
    ...{ ...points, shares: uptime.shares, since: uptime.since, name: agent.name, description: agent.description },
    lastHour: agent.health.lastHour,
  }
}

/** Of the page, but for who asks. */
export function revisionOf({ orchestrator }: FastifyRequest): string {
  return `${orchestrator.revision()} ${Math.floor(orchestrator.now() / minuteMs)}`
}

function stateTagOf({ orchestrator, times }: FastifyRequest, id: string): string {
  const { health } = orchestrator.agent(id)
  const { word, detail, reason, isFlapping } = presentHealth(health, times)
  const shown = `${word} ${detail} ${isFlapping} ${health.since} ${reason}`
  return tagIn(times.zone, `W/"state.${encodeURIComponent(shown.toWellFormed())}"`)
}
