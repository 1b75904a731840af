import type { HealthStore } from '../../ports/health.ts'
import type { Store } from '../file/open.ts'
import { createChecks } from './checks.ts'
import { createFailedRuns } from './failed-runs.ts'
import { createIncidents } from './incidents.ts'
import { createPruning } from './pruning.ts'

export function createHealthStore({ db, write }: Pick<Store, 'db' | 'write'>): HealthStore {
  const checks = createChecks(db)
  const incidents = createIncidents(db)
  const pruning = createPruning(db)
  const silently = <T>(change: () => T): Promise<T> => write(change, { isSilent: true })

  return {
    record: (results) => silently(() => results.forEach(checks.add)),
    lastChecks: async (agentId, max) => checks.latest(agentId, max),
    worstOutcomes: async (agentId, lengthMs, from) => checks.worst(agentId, lengthMs, from),
    rollups: async (agentId, resolution, from) => checks.rollups(agentId, resolution, from),

    openIncident: async (agentId) => incidents.open(agentId),
    incidents: async (agentId, max) => incidents.latest(agentId, max),
    beginIncident: (agentId, at, reason) => silently(() => incidents.begin(agentId, at, reason)),
    endIncidents: (agentId, at) => silently(() => incidents.end(agentId, at)),

    failedRuns: createFailedRuns(db),

    prune: (agentId, now) => silently(() => pruning.prune(agentId, now)),

    async forget(agentId, at) {
      while (await silently(() => pruning.deleteSomeChecks(agentId, at)));
      await silently(() => pruning.deleteSummaries(agentId, at))
    },
  }
}
