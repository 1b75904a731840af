import type { Clock } from '../../shared/time/clock.ts'
import type { Store } from '../../store/ports.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { EventStream } from '../events.ts'
import type { Limits } from '../limits.ts'
import type { Registry } from '../registry/registry.ts'
import { createExecutions, type Executions } from './engine.ts'
import { createUsualRuns, type UsualRuns } from './usual.ts'

export type RunService = { executions: Executions; usual: UsualRuns }

export function createRunService(deps: {
  store: Store
  registry: Registry
  watchedProtocols: Parameters<typeof createExecutions>[0]['protocols']
  limits: Limits
  clock: Clock
  newId: () => string
  random: () => number
  randomHex: (bytes: number) => string
  traceUrl: string
  cluster: Cluster | undefined
  events: EventStream
}): RunService {
  const { store, registry, clock } = deps
  const executions = createExecutions({
    ...deps,
    protocols: deps.watchedProtocols,
    runs: store.runs,
    limits: deps.limits.runs,
    shared: deps.cluster,
    writable: store.writable,
    fault: store.fault,
    callable: registry.callable,
  })
  return {
    executions,
    usual: createUsualRuns(store.runs, clock, deps.events),
  }
}
