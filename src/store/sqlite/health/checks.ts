import { resolutions } from '../../health/resolutions.ts'
import type { CheckOutcome, RecordedCheck, Resolution, Rollup } from '../../ports/health.ts'
import type { Store } from '../file/open.ts'
import { and, asc, desc, eq, gte, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { healthChecks as checks } from '../sql/schema/health.ts'
import { createRollups } from './rollups.ts'

const fromBestToWorst: CheckOutcome[] = ['up', 'busy', 'degraded', 'down']

export function createChecks(db: Store['db']) {
  const rollups = createRollups(db)
  const add = db.insert(checks).values(placeholders(checks)).onConflictDoNothing().prepare()
  const latest = db
    .select()
    .from(checks)
    .where(eq(checks.agentId, sql.placeholder('agentId')))
    .orderBy(desc(checks.at))
    .limit(sql.placeholder('max'))
    .prepare()
  const begunAt = sql<number>`${checks.at} - ${checks.at} % ${sql.placeholder('lengthMs')}`
  const rank = sql.raw(fromBestToWorst.map((outcome, index) => `WHEN '${outcome}' THEN ${index}`).join(' '))
  const worst = db
    .select({ at: begunAt.as('begun_at'), rank: sql<number>`max(CASE ${checks.outcome} ${rank} END)` })
    .from(checks)
    .where(and(eq(checks.agentId, sql.placeholder('agentId')), gte(checks.at, sql.placeholder('from'))))
    .groupBy(sql`begun_at`)
    .orderBy(asc(sql`begun_at`))
    .prepare()

  return {
    add(check: RecordedCheck): void {
      const isNew = add.run({ ...check }).changes > 0
      if (isNew) for (const { seconds } of Object.values(resolutions)) rollups.add(check, seconds)
    },

    latest: (agentId: string, max: number): RecordedCheck[] => latest.all({ agentId, max }).reverse(),

    worst(agentId: string, lengthMs: number, from: number): { at: number; outcome: CheckOutcome }[] {
      const found = worst.all({ agentId, lengthMs, from: Math.ceil(from / lengthMs) * lengthMs })
      return found.map(({ at, rank }) => ({ at, outcome: fromBestToWorst[rank]! }))
    },

    rollups: (agentId: string, resolution: Resolution, from: number): Rollup[] =>
      rollups.since(agentId, resolutions[resolution].seconds, from),
  }
}
