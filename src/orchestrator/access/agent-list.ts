import { InvalidInputError } from '../../shared/errors.ts'
import type { ActorRole } from '../../shared/role.ts'

const maxAgents = 1000

export type IsAgent = (id: string) => boolean | Promise<boolean>

/** The agents that somebody may see, each once; all where it is null. An empty list is an error. Throws InvalidInputError. */
export function readAgents(agents: string[] | null, role: ActorRole | undefined): string[] | null {
  if (agents === null) return null
  if (role === 'admin') throw invalid('An admin sees all agents. Choose another role, or all agents.')
  const ids = [...new Set(agents.map((id) => id.trim()))]
  if (ids.length === 0) throw invalid('Choose at least one agent, or all of them.')
  if (ids.length > maxAgents) throw invalid(`Choose at most ${maxAgents} agents.`)
  const wrong = ids.find((id) => id === '' || /[/\p{Cc}]/u.test(id))
  if (wrong !== undefined) throw invalid(`"${wrong}" is not the ID of an agent.`)
  return ids
}

/** One that was removed stays in the lists that have it. Throws InvalidInputError. */
export async function refuseUnknownAgents(
  agents: string[] | null,
  isAgent: IsAgent,
  before: string[] | null = null,
): Promise<void> {
  for (const id of agents ?? []) {
    if (before?.includes(id) || (await isAgent(id))) continue
    throw invalid(`There is no agent "${id}".`)
  }
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError([{ field: 'agents', message }])
}
