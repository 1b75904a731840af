import type { Probe } from '../agent/http/probe.ts'
import type { Protocols } from '../agent/protocol.ts'
import { loginOf } from '../config/login.ts'
import type { Config } from '../config.ts'
import { isExposed } from '../shared/exposure.ts'
import type { Clock } from '../shared/time/clock.ts'
import type { SignOnProvider } from '../sign-on/provider.ts'
import type { SecretKey } from '../store/ports/secret-key.ts'
import type { Store } from '../store/ports.ts'
import { version } from '../version.ts'
import { createAccess } from './access/access.ts'
import { createAudit } from './audit/audit.ts'
import { createBulkActions } from './bulk/actions.ts'
import { createBulkWork } from './bulk/work.ts'
import { createCluster } from './cluster/cluster.ts'
import { type Alone, type CompositionDeps, composeService, narrowed } from './composition.ts'
import { createCredentialSeal } from './credentials/sealing.ts'
import { createDoctor } from './doctor/doctor.ts'
import type { EventStream } from './events.ts'
import { createHealthService } from './health/service.ts'
import { createAgentWork } from './health/work.ts'
import { createHistoryIndex } from './history/indexing.ts'
import { createIngest } from './ingest/ingest.ts'
import { createLifecycle } from './lifecycle.ts'
import { limitsOf } from './limits.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createRegistry } from './registry/registry.ts'
import { createSchemas } from './registry/schemas.ts'
import { createRunService } from './runs/service.ts'
import type { Orchestrator, Service } from './service.ts'
import { createServiceFor } from './service-for.ts'
import { createReadiness } from './system/readiness.ts'
import { createSystem } from './system/system.ts'

export type OrchestratorDeps = {
  store: Store
  protocols: Protocols
  probe: Probe
  clock: Clock
  newId: () => string
  /** 0 to 1. */
  random: () => number
  /** So many random bytes, as hexadecimal digits. */
  randomHex: (bytes: number) => string
  secretKey: SecretKey
  config: Config
  /** Tells this dashboard from others on its database. */
  hostName: string
  events: EventStream
  /** scrypt's cost is 2 to the power of it. */
  passwordLogCost: number
  signOnProvider: SignOnProvider | undefined
}

/** How late a dashboard that leads knows of a bulk action that another one took. */
const bulkPollMs = 500

/**
 * The one service that pages, scripts and agents talk to: composes the features, starts and stops them. What it needs of
 * the outside is passed in.
 */
export function createOrchestrator(deps: OrchestratorDeps): Orchestrator {
  const { store, protocols, probe, clock, newId, config, events } = deps
  const { now, elapsed } = clock
  const limits = limitsOf(config)
  const processId = newId()

  const registry = createRegistry(store.agents, createCredentialSeal(deps.secretKey, deps.randomHex), clock)
  const schemas = createSchemas(protocols, store.agents, registry)
  const work = createAgentWork(protocols, elapsed)
  const cluster = createCluster({
    ...{ store, processId, clock, events, limits: limits.runs },
    dashboard: { name: `${deps.hostName}:${config.port}`, version },
    ttlMs: config.leaseSeconds * 1000,
  })
  const { executions, usual } = createRunService({
    ...deps,
    cluster,
    registry,
    watchedProtocols: work.protocols,
    traceUrl: config.traceUrl,
    limits,
  })
  /** Of work that one dashboard does for all. */
  const ledStore: Store = cluster ? { ...store, checkpointed: () => cluster.leading().then(store.checkpointed) } : store
  const index = createHistoryIndex({ store: ledStore, clock, events })
  events.on('history-read', executions.resume)
  const watched = { runsOn: executions.runsOn, isWorking: work.isWorking }
  const health = createHealthService({
    ...deps,
    ...watched,
    store: store.health,
    shared: cluster?.health,
    registry,
    limits,
  })
  const parts = { schemas, protocols, limits, retention: config, traceUrl: config.traceUrl, clock, newId, events }
  const composed: CompositionDeps = {
    ...{ ...parts, store, registry, health, executions, usual },
    historyState: index.state,
    serviceId: processId,
  }
  const service = composeService(composed)
  const doctor = createDoctor({
    protocols,
    probe,
    agents: registry.all,
    answerMs: limits.registerTimeoutMs,
    healthCheckMs: limits.checks.timeoutMs,
    elapsed,
  })
  const bulkWork = createBulkWork({
    ...{ store: ledStore, registry, executions, clock, events, idleMs: cluster && bulkPollMs },
    repeat: service.repeat,
    slots: limits.runs.inAll,
  })
  const indexProgress = () => store.history.progress()
  const { lateness } = health.monitor
  const metrics = createMetrics({
    ...{ events, lateness, indexProgress, now },
    agents: () => service.agents().agents,
    isRegistered: (id) => registry.find(id) !== undefined,
    runCounts: executions.counts,
    slots: limits.runs.inAll,
    fault: store.fault,
  })
  const system = createSystem({ store: ledStore, owner: () => cluster?.owner(), clock, config, history: index, events })

  const access = createAccess({
    ...deps,
    store: store.access,
    isExposed: isExposed(config.host),
    anyoneMayLook: config.anyoneMayLook,
    login: loginOf(config),
    isAgent: registry.has,
  })

  const audit = createAudit({
    ...{ store: store.audit, users: store.access.users, clock, events, keepDays: config.keepAuditDays },
    nameOfAgent: (id) => registry.find(id)?.name,
  })

  const alone: Pick<Service, Alone> = {
    diagnose: doctor.diagnose,
    audit,
    takeReports: createIngest({ store, registry, schemas, clock, events }),
    system,
    readiness: createReadiness({ indexProgress, lateness }),
    metrics,
    newToken: newId,
    now,
  }
  const bulkOf = (deps: CompositionDeps) => createBulkActions({ ...deps, queue: bulkWork })
  const all: Service = { ...service, bulk: bulkOf(composed), ...alone }

  function about(agents: readonly string[]): Service {
    const some = narrowed(composed, agents)
    return { ...composeService(some), bulk: bulkOf(some), ...alone }
  }

  return {
    ...all,
    access,
    audit,
    for: createServiceFor(all, about),
    databasePath: store.path,
    storageFault: store.fault,
    explain: store.explain,
    agentsAtWork: executions.agentsAtWork,
    ...createLifecycle({ health, executions, cluster, bulkWork, index, system, audit, store }),
  }
}
