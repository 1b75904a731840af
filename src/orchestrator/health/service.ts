import type { Protocols } from '../../agent/protocol.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { HealthStore } from '../../store/ports/health.ts'
import type { SharedHealth } from '../cluster/cluster.ts'
import type { EventStream } from '../events.ts'
import type { Limits } from '../limits.ts'
import type { Registry } from '../registry/registry.ts'
import { createHealthMonitor, type HealthMonitor } from './monitor.ts'
import { createIncidents, type Incidents } from './records/incidents.ts'
import { createHealthRecorder, type HealthRecorder } from './records/recorder.ts'

export type HealthService = { monitor: HealthMonitor; recorder: HealthRecorder; incidents: Incidents }

export function createHealthService(deps: {
  store: HealthStore
  registry: Registry
  protocols: Protocols
  limits: Limits
  runsOn: (agentId: string) => number
  isWorking: (address: string) => boolean
  clock: Clock
  random: () => number
  shared?: SharedHealth | undefined
  events: EventStream
}): HealthService {
  const { store, registry, limits, clock, shared, events } = deps
  const agentIds = () => registry.all().map(({ id }) => id)
  const recorder = createHealthRecorder({ store: shared?.record ?? store, clock, agentIds, events })
  const monitor = createHealthMonitor({
    ...deps,
    ...limits.checks,
    recorder,
    refreshAgents: registry.refresh,
    agents: registry.all,
    version: registry.version,
    isExpired: registry.isExpired,
  })
  events.on('agent-answered', ({ agentId, url }) => monitor.alive(agentId, url))
  const maxRunMs = limits.runs.runTimeoutMs + limits.runs.jobTimeoutMs
  return { monitor, recorder, incidents: createIncidents({ store, now: clock.now, maxRunMs }) }
}
