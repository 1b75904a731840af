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
    past: async (agentId, { maxChecks, slotMs, slotsFrom, hoursFrom }) => ({
      checks: checks.latest(agentId, maxChecks),
      slots: checks.worst(agentId, slotMs, slotsFrom),
      hours: checks.rollups(agentId, 'hour', hoursFrom),
      incident: incidents.open(agentId),
    }),
    rollups: async (agentId, resolution, from) => checks.rollups(agentId, resolution, from),

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
