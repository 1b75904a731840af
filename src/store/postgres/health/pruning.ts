import { dayMs } from '../../../shared/time/durations.ts'
import { resolutions } from '../../health/resolutions.ts'
import type { Session } from '../database/session.ts'
import { and, eq, lt, lte, sql } from '../sql/drizzle.ts'
import { agentHealth } from '../sql/schema/cluster.ts'
import { healthChecks as checks, healthIncidents as incidents, healthRollups as rollups } from '../sql/schema/health.ts'

const maxChecksInStep = 5000

export async function prune({ db }: Session, agentId: string, now: number): Promise<void> {
  await db.delete(checks).where(and(eq(checks.agentId, agentId), lt(checks.at, now - dayMs)))
  for (const { seconds, keptSeconds } of Object.values(resolutions)) {
    const isOld = lt(rollups.at, now - keptSeconds * 1000)
    await db.delete(rollups).where(and(eq(rollups.agentId, agentId), eq(rollups.resolutionSeconds, seconds), isOld))
  }
  const isOld = lt(incidents.endedAt, now - resolutions.day.keptSeconds * 1000)
  await db.delete(incidents).where(and(eq(incidents.agentId, agentId), isOld))
}

/** Resolves to whether there may be more. */
export async function deleteSomeChecks({ run }: Session, agentId: string, at: number): Promise<boolean> {
  const some = sql`SELECT at FROM ${checks} WHERE agent_id = ${agentId} AND ${lte(checks.at, at)} LIMIT ${maxChecksInStep}`
  return (await run(sql`DELETE FROM ${checks} WHERE agent_id = ${agentId} AND at IN (${some})`)) === maxChecksInStep
}

export async function deleteSummaries({ db }: Session, agentId: string, at: number): Promise<void> {
  await db.delete(agentHealth).where(eq(agentHealth.agentId, agentId))
  await db.delete(rollups).where(and(eq(rollups.agentId, agentId), lte(rollups.at, at)))
  await db.delete(incidents).where(and(eq(incidents.agentId, agentId), lte(incidents.startedAt, at)))
}
