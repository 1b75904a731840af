import { dayMs } from '../../../shared/time/durations.ts'
import { resolutions } from '../../health/resolutions.ts'
import type { Store } from '../file/open.ts'
import { and, asc, eq, lt, lte } from '../sql/drizzle.ts'
import { healthChecks as checks, healthIncidents as incidents, healthRollups as rollups } from '../sql/schema/health.ts'

/** Few enough that nobody waits for a step. */
const maxChecksInStep = 500

export function createPruning(db: Store['db']) {
  function pruneRollups(agentId: string, now: number): void {
    for (const { seconds, keptSeconds } of Object.values(resolutions)) {
      const isOld = lt(rollups.at, now - keptSeconds * 1000)
      db.delete(rollups)
        .where(and(eq(rollups.agentId, agentId), eq(rollups.resolutionSeconds, seconds), isOld))
        .run()
    }
  }

  return {
    prune(agentId: string, now: number): void {
      db.delete(checks)
        .where(and(eq(checks.agentId, agentId), lt(checks.at, now - dayMs)))
        .run()
      pruneRollups(agentId, now)
      db.delete(incidents)
        .where(and(eq(incidents.agentId, agentId), lt(incidents.endedAt, now - resolutions.day.keptSeconds * 1000)))
        .run()
    },

    /** Deletes the oldest checks of an agent until `at`. Returns whether there are more. */
    deleteSomeChecks(agentId: string, at: number): boolean {
      const isOld = and(eq(checks.agentId, agentId), lte(checks.at, at))
      const oldest = db.select({ at: checks.at }).from(checks).where(isOld).orderBy(asc(checks.at))
      const end = oldest.limit(1).offset(maxChecksInStep).get()?.at
      db.delete(checks)
        .where(and(isOld, end === undefined ? undefined : lt(checks.at, end)))
        .run()
      return end !== undefined
    },

    deleteSummaries(agentId: string, at: number): void {
      db.delete(rollups)
        .where(and(eq(rollups.agentId, agentId), lte(rollups.at, at)))
        .run()
      db.delete(incidents)
        .where(and(eq(incidents.agentId, agentId), lte(incidents.startedAt, at)))
        .run()
    },
  }
}
