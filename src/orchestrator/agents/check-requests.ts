import type { Actor } from '../../shared/actor.ts'
import { ConflictError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { endsWithin } from '../../shared/time/deadline.ts'
import type { EventStream } from '../events.ts'
import type { HealthMonitor } from '../health/monitor.ts'
import type { Registry } from '../registry/registry.ts'

const maxWaitMs = 5000

/** Both resolve to whether the checks ended within the time that a person waits. */
export type CheckRequests = {
  /** A running check counts. Throws NotFoundError, and ConflictError while the agent is paused. */
  checkNow(id: string, by: Actor): Promise<boolean>
  checkAll(by: Actor): Promise<boolean>
}

export function createCheckRequests(deps: {
  registry: Pick<Registry, 'get'>
  health: Pick<HealthMonitor, 'checkNow' | 'checkAll'>
  events: Pick<EventStream, 'emit'>
  clock: Clock
}): CheckRequests {
  const { registry, health, events, clock } = deps
  return {
    async checkNow(id, by) {
      const { name, pausedAt } = registry.get(id)
      if (pausedAt !== undefined) throw new ConflictError(`${name} is paused. Resume it to have it checked.`)
      events.emit('check-requested', { agentId: id, by })
      return endsWithin(clock, maxWaitMs, health.checkNow(id))
    },

    checkAll(by) {
      events.emit('check-requested', { agentId: undefined, by })
      return endsWithin(clock, maxWaitMs, health.checkAll())
    },
  }
}
