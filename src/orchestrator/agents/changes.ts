import type { Clock } from '../../shared/time/clock.ts'
import type { EventStream } from '../events.ts'
import type { HealthMonitor } from '../health/monitor.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { createAdmission } from './admission.ts'
import { type CheckRequests, createCheckRequests } from './check-requests.ts'
import { type AgentEdits, createAgentEdits } from './edits.ts'
import { type AgentRegistrations, createAgentRegistrations } from './registrations.ts'
import { type AgentRemovals, createAgentRemovals } from './removals.ts'

export type AgentChanges = AgentRegistrations & AgentEdits & CheckRequests & AgentRemovals

export function createAgentChanges(deps: {
  registry: Registry
  health: HealthMonitor
  schemas: Schemas
  events: Pick<EventStream, 'emit'>
  clock: Clock
  registerTimeoutMs: number
}): AgentChanges {
  const { registerTimeoutMs: timeoutMs } = deps
  const admission = createAdmission({ ...deps, timeoutMs })
  return {
    ...createAgentRegistrations({ ...deps, admission }),
    ...createAgentEdits({ ...deps, admission }),
    ...createCheckRequests(deps),
    ...createAgentRemovals(deps),
  }
}
