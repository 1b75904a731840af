import type { Protocols } from '../../agent/protocol.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Store } from '../../store/ports.ts'
import type { EventStream } from '../events.ts'
import type { Limits } from '../limits.ts'
import type { Registry } from '../registry/registry.ts'
import { createRunCommands, type RunCommands } from './commands.ts'
import { deletedRun } from './deleted-runs.ts'
import { createExecutions, type Executions } from './engine.ts'
import type { RetentionRule } from './retention-rule.ts'
import { createRuns, type Runs } from './runs.ts'
import { createUsualRuns, type UsualRuns } from './usual.ts'

export type RunService = { executions: Executions; runs: Runs; commands: RunCommands; usual: UsualRuns }

export function createRunService(deps: {
  store: Store
  registry: Registry
  protocols: Protocols
  watchedProtocols: Parameters<typeof createExecutions>[0]['protocols']
  retention: RetentionRule
  limits: Limits
  clock: Clock
  newId: () => string
  random: () => number
  randomHex: (bytes: number) => string
  traceUrl: string
  events: EventStream
}): RunService {
  const { store, registry, retention, clock } = deps
  const executions = createExecutions({
    ...deps,
    protocols: deps.watchedProtocols,
    runs: store.runs,
    limits: deps.limits.runs,
    writable: store.writable,
    fault: store.fault,
    callable: registry.callable,
  })
  const runs = createRuns(store.runs, registry, (id) => deletedRun(id, retention, clock.now()))
  return {
    executions,
    runs,
    commands: createRunCommands({ ...deps, runs, executions }),
    usual: createUsualRuns(store.runs, clock, deps.events),
  }
}
