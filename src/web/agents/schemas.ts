import { z } from 'zod'
import { jsonOrPage, pageOnly, problems, unchanged } from '../http/answers.ts'
import { byAgent, ofPages } from '../http/schemas.ts'
import { agent, agents } from './agent-schema.ts'
import { boardParameters } from './board/query.ts'

const tags = ['Agents']
const ofAgent = { tags, params: byAgent }
const named = z.string().optional().catch(undefined)

const pageQuery = z.object({
  ...boardParameters,
  registered: named,
  removed: named,
  execute: named,
  inputs: named,
  from: named,
})
export type AgentsPageQuery = z.output<typeof pageQuery>

export const listAgents = {
  tags,
  summary: 'All agents and their health',
  querystring: ofPages(pageQuery),
  response: { 200: jsonOrPage('The agents', agents) },
}

export const pollAgents = {
  tags,
  summary: 'All agents, for polling',
  description: 'Answers 304 to the ETag of the last answer while nothing has changed.',
  querystring: ofPages(z.object(boardParameters)),
  response: { 200: jsonOrPage('The agents', agents), ...unchanged },
}

export const checkAll = {
  tags,
  summary: 'Check all agents now',
  description: 'Answers after five seconds, also where agents have not answered by then.',
  response: { 200: jsonOrPage('The agents', agents) },
}

export const checkAgent = {
  ...ofAgent,
  summary: 'Check an agent now',
  description: 'Answers after five seconds, also where the agent has not answered by then.',
  response: { 200: jsonOrPage('The agent', agent), ...problems(404, 409) },
}

export const showAgentMenu = { hide: true, params: byAgent, response: { 200: pageOnly('A menu') } }
