import type { RunSummary } from '../../store/ports/runs.ts'
import type { Registry } from '../registry/registry.ts'

/**
 * The id of the agent that a run belongs to; undefined where the Python program carried it out itself. A run of an agent
 * that Python recorded says so only by its workflow's name, which is the agent's id.
 */
export function agentOfRun(
  { agent, agentId }: Pick<RunSummary, 'agent' | 'agentId'>,
  registry: Pick<Registry, 'has'>,
): string | undefined {
  return agentId ?? (registry.has(agent) ? agent : undefined)
}
