import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import type { Service } from '../../orchestrator/service.ts'
import { hasEnded } from '../../shared/run-status.ts'
import type { AroundRun } from './page.ts'

export async function aroundRun(orchestrator: Service, { run, agent }: FoundRun): Promise<AroundRun> {
  // Before anything is waited for: it may be removed meanwhile.
  const health = agent && orchestrator.agent(agent.id).health
  const [usual, sameError, unsent, days, states] = await Promise.all([
    orchestrator.usual(run),
    hasEnded(run.status) ? orchestrator.sameError(run) : undefined,
    orchestrator.unsentInputs(run),
    agent && orchestrator.agentDays.read(),
    orchestrator.nodes.count(run),
  ])
  return {
    usual,
    sameError,
    unsent,
    health,
    day: agent && days?.of.get(agent.id),
    states,
  }
}
