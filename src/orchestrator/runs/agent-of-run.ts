import type { RunSummary } from '../../store/ports/runs.ts'
import type { Registry } from '../registry/registry.ts'

/** Undefined for a local run. Python records an agent's run under the agent's id as the workflow's name. */
export function agentOfRun(
  { agent, agentId }: Pick<RunSummary, 'agent' | 'agentId'>,
  registry: Pick<Registry, 'has'>,
): string | undefined {
  return agentId ?? (registry.has(agent) ? agent : undefined)
}
