import type { Probe } from '../agent/http/probe.ts'
import type { Protocols } from '../agent/protocol.ts'
import { loginOf } from '../config/login.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../shared/clock.ts'
import { isExposed } from '../shared/exposure.ts'
import type { SignOnProvider } from '../sign-on/provider.ts'
import type { SecretKey } from '../store/ports/secret-key.ts'
import type { Store } from '../store/ports.ts'
import { createAccess } from './access/access.ts'
import { createAgentService } from './agents/service.ts'
import { createAudit } from './audit/audit.ts'
import { createBulkActions } from './bulk/actions.ts'
import { createRunComparison } from './compare/runs.ts'
import { createCredentialSeal } from './credentials/sealing.ts'
import { createDoctor } from './doctor/doctor.ts'
import type { EventStream } from './events.ts'
import { createExecute } from './forms/execute.ts'
import { createExecuteForms } from './forms/forms.ts'
import { createHealthService } from './health/service.ts'
import { createAgentWork } from './health/work.ts'
import { createHistoryService } from './history/service.ts'
import { createIngest } from './ingest/ingest.ts'
import { createLifecycle } from './lifecycle.ts'
import { limitsOf } from './limits.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createRunNodes } from './nodes/nodes.ts'
import { createOverview } from './overview/overview.ts'
import { createPalette } from './palette/palette.ts'
import { createRegistry } from './registry/registry.ts'
import { createSchemas } from './registry/schemas.ts'
import { createRunService } from './runs/service.ts'
import { createUnsentInputs } from './runs/unsent-inputs.ts'
import type { Orchestrator } from './service.ts'
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
  events: EventStream
  /** scrypt's cost is 2 to the power of it. */
  passwordLogCost: number
  signOnProvider: SignOnProvider | undefined
}

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
  const runService = createRunService({
    ...deps,
    registry,
    watchedProtocols: work.protocols,
    retention: config,
    traceUrl: config.traceUrl,
    limits,
  })
  const { executions, runs, commands, usual } = runService
  const { index, ...history } = createHistoryService({
    store,
    registry,
    schemas,
    clock,
    newId,
    events,
    soFarSeconds: executions.soFarSeconds,
  })
  events.on('history-read', executions.resume)
  const watched = { runsOn: executions.runsOn, isWorking: work.isWorking }
  const health = createHealthService({ ...deps, ...watched, store: store.health, registry, limits })
  const ofAgents = {
    store,
    registry,
    schemas,
    health,
    runs: history.runList,
    days: history.agentDays,
    usual,
    limits,
    clock,
    events,
    processId,
  }
  const agents = createAgentService({ ...ofAgents, runChanges: executions.changes })
  const forms = createExecuteForms({
    currentSchema: agents.schema,
    knownSchema: agents.knownOrCurrentSchema,
    runs,
    latestInputs: store.runs.latestInputs,
    usual,
    executions,
    newToken: newId,
  })
  const doctor = createDoctor({
    protocols,
    probe,
    agents: registry.all,
    answerMs: limits.registerTimeoutMs,
    healthCheckMs: limits.checks.timeoutMs,
    elapsed,
  })
  const bulk = createBulkActions({
    ...{ store, registry, executions, clock, newId, events },
    repeat: commands.repeat,
    slots: limits.runs.inAll,
    historyState: index.state,
  })
  const overview = createOverview({ store, registry, agents: agents.agents, usual, clock })
  const indexProgress = () => store.history.progress()
  const { lateness } = health.monitor
  const metrics = createMetrics({
    ...{ events, lateness, indexProgress, now },
    agents: () => agents.agents().agents,
    isRegistered: (id) => registry.find(id) !== undefined,
    runCounts: executions.counts,
    slots: limits.runs.inAll,
    fault: store.fault,
  })
  const system = createSystem({ store, clock, config, history: index, events })

  const access = createAccess({
    ...deps,
    store: store.access,
    isExposed: isExposed(config.host),
    anyoneMayLook: config.anyoneMayLook,
    login: loginOf(config),
  })

  const audit = createAudit({
    ...{ store: store.audit, clock, events, keepDays: config.keepAuditDays },
    nameOfAgent: (id) => registry.find(id)?.name,
  })

  return {
    access,
    audit,
    ...agents,
    ...commands,
    ...history,
    execute: createExecute({ registry, schemas, executions }),
    forms,
    diagnose: doctor.diagnose,
    nodes: createRunNodes(store.runs),
    comparison: createRunComparison(runs, store.runs),
    unsentInputs: createUnsentInputs(runs),
    usual,
    bulk,
    takeReports: createIngest({ store, registry, schemas, clock, events }),
    palette: createPalette({
      ...{ store, registry, schemas, usual },
      agent: agents.agent,
      agents: agents.agents,
      views: history.savedViews,
    }),
    system,
    readiness: createReadiness({ indexProgress, lateness }),
    metrics,
    historyState: index.state,
    overview: overview.overview,
    overviewRevision: (zone) => `${processId}.${overview.revision(zone)}`,
    revision: () => `${agents.agentsRevision()}.${store.revision()}`,
    newToken: newId,
    now,
    databasePath: store.path,
    storageFault: store.fault,
    explain: store.explain,
    agentsAtWork: executions.agentsAtWork,
    ...createLifecycle({ health, executions, bulk, index, system, audit, store }),
  }
}
