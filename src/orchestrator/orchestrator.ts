import { loginOf } from '../config/login.ts'
import { isExposed } from '../shared/exposure.ts'
import type { Clock } from '../shared/time/clock.ts'
import { endsWithin } from '../shared/time/deadline.ts'
import { createTurn } from '../shared/time/turn.ts'
import type { ClusterStore } from '../store/ports/cluster.ts'
import type { Store } from '../store/ports.ts'
import { version } from '../version.ts'
import { createAccess } from './access/access.ts'
import { createAlone } from './alone.ts'
import { createBulkActions } from './bulk/actions.ts'
import { createBulkWork } from './bulk/work.ts'
import { createCluster } from './cluster/cluster.ts'
import { type CompositionDeps, composeService, narrowed } from './composition.ts'
import { createCredentialSeal } from './credentials/sealing.ts'
import type { OrchestratorDeps } from './deps.ts'
import type { HealthMonitor } from './health/monitor.ts'
import { createHealthService } from './health/service.ts'
import { createAgentWork } from './health/work.ts'
import { createHistoryIndex } from './history/indexing.ts'
import { createLifecycle } from './lifecycle.ts'
import { limitsOf } from './limits.ts'
import { createRegistry, type Registry } from './registry/registry.ts'
import { createSchemas } from './registry/schemas.ts'
import { createRunService } from './runs/service.ts'
import type { Orchestrator, Service } from './service.ts'
import { createServiceFor } from './service-for.ts'

/** How late a dashboard that leads knows of a bulk action that another one took. */
const bulkPollMs = 500

/** A request waits so long for what another dashboard has found at most. */
const catchUpMs = 300

/** The one service that pages, scripts and agents talk to: composes the features, starts and stops them. */
export function createOrchestrator(deps: OrchestratorDeps): Orchestrator {
  const { store, protocols, clock, newId, config, events } = deps
  const limits = limitsOf(config)
  const processId = newId()

  const registry = createRegistry(store.agents, createCredentialSeal(deps.secretKey, deps.randomHex), clock)
  const schemas = createSchemas(protocols, store.agents, registry)
  const work = createAgentWork(protocols, clock.elapsed)
  const cluster = createCluster({
    ...{ store, processId, clock: deps.leaseClock, events, limits: limits.runs },
    dashboard: {
      get name() {
        return deps.ownName()
      },
      version,
    },
    ttlMs: config.leaseSeconds * 1000,
  })
  /** Of work that one dashboard does for all. */
  const ledStore: Store = cluster ? { ...store, checkpointed: () => cluster.leading().then(store.checkpointed) } : store
  const known = { ...deps, registry, schemas, limits, cluster, ledStore }
  const { executions, usual } = createRunService({
    ...known,
    watchedProtocols: work.protocols,
    traceUrl: config.traceUrl,
  })
  const index = createHistoryIndex({ store: ledStore, clock, events })
  events.on('history-read', executions.resume)
  const health = createHealthService({
    ...{ ...known, store: store.health, shared: cluster?.health },
    ...{ runsOn: executions.runsOn, isWorking: work.isWorking },
  })
  const composed: CompositionDeps = {
    ...{ schemas, protocols, limits, retention: config, traceUrl: config.traceUrl, clock, newId, events },
    ...{ store, registry, health, executions, usual },
    historyState: index.state,
    serviceId: processId,
  }
  const service = composeService(composed)
  const { alone, system, audit } = createAlone({
    ...{ ...known, executions, health, index },
    agents: () => service.agents().agents,
  })
  const bulkWork = createBulkWork({
    ...{ store: ledStore, registry, executions, clock, events, idleMs: cluster && bulkPollMs },
    repeat: service.repeat,
    slots: limits.runs.inAll,
  })
  const whole = (deps: CompositionDeps, service = composeService(deps)): Service => ({
    ...service,
    bulk: createBulkActions({ ...deps, queue: bulkWork }),
    ...alone,
  })
  const all = whole(composed, service)
  const turn = createTurn()

  return {
    ...all,
    audit,
    access: createAccess({
      ...{ ...deps, store: store.access, counts: store.cluster?.counts },
      isExposed: isExposed(config.host),
      anyoneMayLook: config.anyoneMayLook,
      login: loginOf(config),
      isAgent: registry.has,
    }),
    for: createServiceFor(all, (agents) => whole(narrowed(composed, agents))),
    databasePath: store.path,
    others: store.cluster && {
      ...store.cluster,
      heard: turn.once(() => heardFully(store.cluster!, registry, health.monitor, clock)),
    },
    requestArrives: store.beginTurn ?? turn.begin,
    storageFault: store.fault,
    isOutdated: () => store.isOutdated?.() ?? false,
    explain: store.explain,
    agentsAtWork: executions.agentsAtWork,
    ...createLifecycle({ health, executions, cluster, bulkWork, index, system, audit, store }),
  }
}

async function heardFully(
  cluster: Pick<ClusterStore, 'heard'>,
  registry: Pick<Registry, 'refresh'>,
  monitor: Pick<HealthMonitor, 'caughtUp'>,
  clock: Clock,
): Promise<void> {
  await cluster.heard()
  // What cannot be read now is read by whoever needs it, and says so.
  await registry.refresh().catch(() => {})
  await endsWithin(clock, catchUpMs, monitor.caughtUp())
}
