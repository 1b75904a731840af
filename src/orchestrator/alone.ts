import type { Store } from '../store/ports.ts'
import { type Audit, createAudit } from './audit/audit.ts'
import type { Cluster } from './cluster/cluster.ts'
import type { Alone } from './composition.ts'
import type { OrchestratorDeps } from './deps.ts'
import { createDoctor } from './doctor/doctor.ts'
import type { HealthService } from './health/service.ts'
import type { HistoryIndex } from './history/indexing.ts'
import { createIngest } from './ingest/ingest.ts'
import type { Limits } from './limits.ts'
import { createMetrics } from './metrics/metrics.ts'
import type { Registry } from './registry/registry.ts'
import type { Schemas } from './registry/schemas.ts'
import type { Executions } from './runs/engine.ts'
import type { Service } from './service.ts'
import { createReadiness } from './system/readiness.ts'
import { createSystem, type System } from './system/system.ts'

type AloneDeps = OrchestratorDeps & {
  limits: Limits
  registry: Registry
  schemas: Schemas
  executions: Executions
  health: HealthService
  index: HistoryIndex
  cluster: Cluster | undefined
  ledStore: Store
  agents: Parameters<typeof createMetrics>[0]['agents']
}

/** What is composed once, whoever asks; `system` and `audit` have work of their own that is to be started. */
export function createAlone(deps: AloneDeps): { alone: Pick<Service, Alone>; system: System; audit: Audit } {
  const { store, ledStore, registry, schemas, health, index, limits, clock, newId, config, events } = deps
  const { now, elapsed } = clock
  const indexProgress = () => store.history.progress()
  const { lateness } = health.monitor
  const doctor = createDoctor({
    ...{ protocols: deps.protocols, probe: deps.probe, elapsed },
    agents: registry.all,
    answerMs: limits.registerTimeoutMs,
    healthCheckMs: limits.checks.timeoutMs,
  })
  const metrics = createMetrics({
    ...{ events, lateness, indexProgress, now },
    agents: deps.agents,
    isRegistered: (id) => registry.find(id) !== undefined,
    runCounts: deps.executions.counts,
    slots: limits.runs.inAll,
    fault: store.fault,
    leads: () => deps.cluster?.leads() ?? true,
  })
  const owner = () => deps.cluster?.owner()
  const system = createSystem({ store: ledStore, owner, clock, config, history: index, events })
  const audit = createAudit({
    ...{ store: store.audit, users: store.access.users, clock, events, keepDays: config.keepAuditDays },
    nameOfAgent: (id) => registry.find(id)?.name,
  })
  const alone: Pick<Service, Alone> = {
    ...{ audit, system, metrics, now, newToken: newId },
    diagnose: doctor.diagnose,
    takeReports: createIngest({ store, registry, schemas, clock, events }),
    readiness: createReadiness({ indexProgress, lateness }),
  }
  return { alone, system, audit }
}
