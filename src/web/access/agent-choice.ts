import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { plural } from '../../shared/plural.ts'

export const typedAgents = {
  sees: z.enum(['all', 'some'], 'Choose all agents, or some.').optional(),
  agent: z.union([z.string(), z.array(z.string())]).optional(),
}

/** Undefined where it says nothing. None of some is none, never all. */
export function agentsTyped(typed: { sees?: 'all' | 'some' | undefined; agent?: string | string[] | undefined }) {
  if (typed.sees === undefined) return undefined
  return typed.sees === 'all' ? null : [typed.agent ?? []].flat()
}

export type AgentNames = { id: string; name: string }[]

export function agentNames({ orchestrator }: FastifyRequest): AgentNames {
  return orchestrator.agents().agents.map(({ id, name }) => ({ id, name }))
}

/** The field of a form; what is chosen and not registered stays in it. */
export function presentAgentChoice(known: AgentNames, chosen: string[] | null, error: string) {
  const gone = (chosen ?? []).filter((id) => !known.some((agent) => agent.id === id))
  return {
    isAll: chosen === null,
    error,
    choices: [
      ...known.map(({ id, name }) => ({ id, name, note: name === id ? '' : id })),
      ...gone.map((id) => ({ id, name: id, note: 'not registered' })),
    ].map((one) => ({ ...one, isChosen: chosen?.includes(one.id) === true })),
  }
}

/** As a table says it, and in full. */
export function presentSeen(agents: string[] | null, known: AgentNames) {
  if (agents === null) return { agents: 'All', agentList: 'All agents' }
  const names = agents.map((id) => known.find((agent) => agent.id === id)?.name ?? id)
  return { agents: names.length === 1 ? names[0]! : plural(names.length, 'agent'), agentList: names.join(', ') }
}
