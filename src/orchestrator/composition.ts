import type { Protocols } from '../agent/protocol.ts'
import { createRevision } from '../shared/revision.ts'
import type { Clock } from '../shared/time/clock.ts'
import { createAgentService } from './agents/service.ts'
import { createRunComparison } from './compare/runs.ts'
import type { EventStream } from './events.ts'
import { createExecute } from './forms/execute.ts'
import { createExecuteForms } from './forms/forms.ts'
import type { HealthService } from './health/service.ts'
import { createHistoryService } from './history/service.ts'
import type { Limits } from './limits.ts'
import { createRunNodes } from './nodes/nodes.ts'
import { createOverview } from './overview/overview.ts'
import { createPalette } from './palette/palette.ts'
import type { Registry } from './registry/registry.ts'
import type { Schemas } from './registry/schemas.ts'
import { createRunCommands } from './runs/commands.ts'
import { deletedRun } from './runs/deleted-runs.ts'
import type { RetentionRule } from './runs/retention-rule.ts'
import { createRuns } from './runs/runs.ts'
import { createUnsentInputs } from './runs/unsent-inputs.ts'
import type { UsualRuns } from './runs/usual.ts'
import { type AskedExecutions, narrowExecutions, narrowUsual } from './scope/executions.ts'
import { narrowIncidents, narrowMonitor } from './scope/health.ts'
import { narrowRegistry } from './scope/registry.ts'
import { scopeOf } from './scope/scope.ts'
import { narrowStore, type ReaderStore } from './scope/store.ts'
import type { Service } from './service.ts'

/** What there is once, so whoever sees some agents alone has the same: it needs no agents, or those of who asks, or it
 * is about all of them and refused. */
export type Alone = 'audit' | 'takeReports' | 'diagnose' | 'system' | 'readiness' | 'metrics' | 'newToken' | 'now'

/** `bulk` needs what is composed. */
export type Composed = Omit<Service, Alone | 'bulk'>

export type CompositionDeps = {
  store: ReaderStore
  registry: Registry
  schemas: Schemas
  health: Pick<HealthService, 'monitor' | 'incidents'>
  executions: AskedExecutions
  usual: UsualRuns
  historyState: Service['historyState']
  protocols: Protocols
  limits: Limits
  retention: RetentionRule
  traceUrl: string
  clock: Clock
  newId: () => string
  /** Nothing here listens: a service that is made for some agents is dropped again without a word. */
  events: Pick<EventStream, 'emit'>
  /** In what says whether anything has changed: no two services have the same. */
  serviceId: string
}

export function composeService(deps: CompositionDeps): Composed {
  const { store, registry, schemas, health, executions, usual, limits, clock, newId, serviceId } = deps
  const { now } = clock
  const history = createHistoryService({ ...deps, soFarSeconds: executions.soFarSeconds })
  const runs = createRuns(store.runs, registry, (id) => deletedRun(id, deps.retention, now()))
  const agents = createAgentService({
    ...{ store, registry, schemas, health, usual, limits, clock, events: deps.events },
    runs: history.runList,
    days: history.agentDays,
    processId: serviceId,
    runChanges: executions.changes,
  })
  const overview = createOverview({ store, registry, agents: agents.agents, usual, clock })
  return {
    ...agents,
    ...createRunCommands({ ...deps, runs }),
    ...history,
    execute: createExecute({ registry, schemas, executions }),
    forms: createExecuteForms({
      currentSchema: agents.schema,
      knownSchema: agents.knownOrCurrentSchema,
      runs,
      latestInputs: store.runs.latestInputs,
      usual,
      executions,
      newToken: newId,
    }),
    nodes: createRunNodes(store.runs),
    comparison: createRunComparison(runs, store.runs),
    unsentInputs: createUnsentInputs(runs),
    usual,
    palette: createPalette({
      ...{ store, registry, schemas, usual },
      agent: agents.agent,
      agents: agents.agents,
      views: history.savedViews,
    }),
    historyState: deps.historyState,
    overview: overview.overview,
    overviewRevision: (zone) => `${serviceId}.${overview.revision(zone)}`,
    revision: createRevision(agents.agentsRevision, store.revision),
  }
}

/** What a service about some agents alone is composed of, as if there were no others. */
export function narrowed(deps: CompositionDeps, agents: readonly string[]): CompositionDeps {
  const scope = scopeOf(agents)
  const serviceId = deps.newId()
  const store = narrowStore(deps.store, scope, serviceId)
  const registry = narrowRegistry(deps.registry, scope)
  return {
    // These are about no agents, or about those that they are given.
    ...{ schemas: deps.schemas, protocols: deps.protocols, historyState: deps.historyState, events: deps.events },
    ...{
      limits: deps.limits,
      retention: deps.retention,
      traceUrl: deps.traceUrl,
      clock: deps.clock,
      newId: deps.newId,
    },
    ...{ store, registry, serviceId },
    health: {
      monitor: narrowMonitor(deps.health.monitor, scope, registry),
      incidents: narrowIncidents(deps.health.incidents, scope),
    },
    executions: narrowExecutions(deps.executions, scope, store.runs),
    usual: narrowUsual(deps.usual, scope),
  }
}
