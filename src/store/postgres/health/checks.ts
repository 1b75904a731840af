import { resolutions } from '../../health/resolutions.ts'
import type { CheckOutcome, RecordedCheck, Resolution, Rollup } from '../../ports/health.ts'
import type { Session } from '../database/session.ts'
import { and, asc, desc, eq, getTableColumns, gte, sql } from '../sql/drizzle.ts'
import { healthChecks as checks, healthRollups as rollups } from '../sql/schema/health.ts'

const fromBestToWorst: CheckOutcome[] = ['up', 'busy', 'degraded', 'down']
const { agentId: _, resolutionSeconds: __, ...sums } = getTableColumns(rollups)

/** Counts only those that were not there: a check may be given again. */
export async function addChecks(session: Session, found: RecordedCheck[]): Promise<void> {
  if (found.length === 0) return
  const added = await session.db.insert(checks).values(found).onConflictDoNothing().returning()
  for (const { seconds } of Object.values(resolutions)) await addToRollups(session, added, seconds)
}

/** A busy agent counts as neither up nor down: it works, but has not shown that it answers. */
async function addToRollups({ db }: Session, added: RecordedCheck[], resolutionSeconds: number): Promise<void> {
  const beginOf = ({ at }: RecordedCheck) => at - (at % (resolutionSeconds * 1000))
  const groups = Map.groupBy(added, (check) => JSON.stringify([check.agentId, beginOf(check)]))
  // In order, so that two who add to the same ones do not wait for each other in a circle.
  const inOrder = [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, members]) => members)
  if (inOrder.length === 0) return
  await db
    .insert(rollups)
    .values(inOrder.map((members) => rollupOf(members, resolutionSeconds, beginOf(members[0]!))))
    .onConflictDoUpdate({
      target: [rollups.agentId, rollups.resolutionSeconds, rollups.at],
      set: {
        up: sql`${rollups.up} + excluded.up`,
        degraded: sql`${rollups.degraded} + excluded.degraded`,
        down: sql`${rollups.down} + excluded.down`,
        answered: sql`${rollups.answered} + excluded.answered`,
        latencySum: sql`${rollups.latencySum} + excluded.latency_sum`,
        latencyMin: sql`least(${rollups.latencyMin}, excluded.latency_min)`,
        latencyMax: sql`greatest(${rollups.latencyMax}, excluded.latency_max)`,
      },
    })
}

function rollupOf(members: RecordedCheck[], resolutionSeconds: number, at: number) {
  const number = (...outcomes: CheckOutcome[]) => members.filter(({ outcome }) => outcomes.includes(outcome)).length
  const latencies = members.flatMap(({ latencyMs }) => latencyMs ?? [])
  return {
    ...{ agentId: members[0]!.agentId, resolutionSeconds, at },
    ...{ up: number('up', 'degraded'), degraded: number('degraded'), down: number('down') },
    answered: latencies.length,
    latencySum: latencies.reduce((sum, ms) => sum + ms, 0),
    latencyMin: latencies.length > 0 ? Math.min(...latencies) : null,
    latencyMax: latencies.length > 0 ? Math.max(...latencies) : null,
  }
}

export async function latestChecks({ db }: Session, agentId: string, max: number): Promise<RecordedCheck[]> {
  const found = await db.select().from(checks).where(eq(checks.agentId, agentId)).orderBy(desc(checks.at)).limit(max)
  return found.reverse()
}

export async function worstOutcomes({ rows }: Session, agentId: string, lengthMs: number, from: number) {
  const found = await rows<{ at: number; rank: number }>(sql`
    SELECT at - at % ${lengthMs}::bigint AS at, max(array_position(${sql.param(fromBestToWorst)}::text[], outcome)) AS rank
    FROM ${checks} WHERE agent_id = ${agentId} AND at >= ${Math.ceil(from / lengthMs) * lengthMs} GROUP BY 1 ORDER BY 1`)
  return found.map(({ at, rank }) => ({ at, outcome: fromBestToWorst[rank - 1]! }))
}

export function rollupsSince(
  { db }: Session,
  agentId: string,
  resolution: Resolution,
  from: number,
): Promise<Rollup[]> {
  const { seconds } = resolutions[resolution]
  return db
    .select(sums)
    .from(rollups)
    .where(and(eq(rollups.agentId, agentId), eq(rollups.resolutionSeconds, seconds), gte(rollups.at, from)))
    .orderBy(asc(rollups.at))
}
