import type { Actor } from '../../shared/actor.ts'
import { NotFoundError } from '../../shared/errors.ts'
import type { EventStream } from '../events.ts'
import type { HealthMonitor } from '../health/monitor.ts'
import type { Agent } from '../registry/agent.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'

export type AgentRemovals = {
  remove(id: string, by: Actor): Promise<Agent>
  expiredAgents(): Agent[]
  /** Of `ids` alone, where given. Resolves to the removed ones. */
  removeExpired(ids: string[] | undefined, by: Actor): Promise<Agent[]>
}

export function createAgentRemovals(deps: {
  registry: Registry
  health: Pick<HealthMonitor, 'forget'>
  schemas: Pick<Schemas, 'forget'>
  events: Pick<EventStream, 'emit'>
}): AgentRemovals {
  const { registry, health, schemas, events } = deps

  async function remove(id: string, by: Actor): Promise<Agent> {
    const agent = registry.get(id)
    await registry.remove(id)
    health.forget(id)
    schemas.forget(agent)
    events.emit('agent-removed', { agentId: id, name: agent.name, by })
    return agent
  }

  const isShownExpired = (agent: Agent): boolean => agent.pausedAt === undefined && registry.isExpired(agent)
  const expiredAgents = (): Agent[] => registry.all().filter(isShownExpired)

  return {
    remove,
    expiredAgents,

    async removeExpired(ids, by) {
      const removed: Agent[] = []
      const wanted = ids && new Set(ids)
      for (const { id } of expiredAgents()) {
        const agent = registry.find(id)
        if (!agent || !isShownExpired(agent) || !(wanted?.has(id) ?? true)) continue
        try {
          removed.push(await remove(id, by))
        } catch (error) {
          // Somebody else has removed it at the same moment.
          if (!(error instanceof NotFoundError)) throw error
        }
      }
      return removed
    },
  }
}
