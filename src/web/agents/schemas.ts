import { z } from 'zod'
import { jsonOrPage, pageOnly, problems, unchanged } from '../http/answers.ts'
import { byAgent, strictForPrograms } from '../http/schemas.ts'
import { agent, agents } from './agent-schema.ts'
import { agentFilter, boardParameters } from './board/query.ts'

const tags = ['Agents']
const ofAgent = { tags, params: byAgent }
const named = z.string().optional().catch(undefined)

export const agentsPageQuery = z.object({
  ...boardParameters,
  execute: named,
  inputs: named,
  from: named,
})
export type AgentsPageQuery = z.output<typeof agentsPageQuery>

export const listAgents = {
  tags,
  summary: 'All agents and their health',
  querystring: strictForPrograms(agentsPageQuery, agentFilter),
  response: { 200: jsonOrPage('The agents', agents), ...problems(422) },
}

export const pollAgents = {
  tags,
  summary: 'All agents, for polling',
  description: 'Answers 304 to the ETag of the last answer while nothing has changed.',
  querystring: strictForPrograms(z.object(boardParameters), agentFilter),
  response: { 200: jsonOrPage('The agents', agents), ...unchanged, ...problems(422) },
}

export const checkAll = {
  tags,
  summary: 'Check all agents now',
  description: 'Answers when all are checked, after five seconds at the latest.',
  response: { 200: jsonOrPage('The agents', agents) },
}

export const checkAgent = {
  ...ofAgent,
  summary: 'Check an agent now',
  description: 'Answers when it is checked, after five seconds at the latest.',
  response: { 200: jsonOrPage('The agent', agent), ...problems(404, 409) },
}

export const showAgentMenu = { hide: true, params: byAgent, response: { 200: pageOnly('A menu') } }
