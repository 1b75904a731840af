import type { RecordedCheck, Rollup } from '../../ports/health.ts'
import type { Store } from '../file/open.ts'
import { and, asc, eq, getTableColumns, gte, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { healthRollups as rollups } from '../sql/schema/health.ts'

const { agentId, resolutionSeconds, ...sums } = getTableColumns(rollups)

export function createRollups(db: Store['db']) {
  const add = db
    .insert(rollups)
    .values(placeholders(rollups))
    .onConflictDoUpdate({
      target: [agentId, resolutionSeconds, rollups.at],
      set: {
        up: sql`up + excluded.up`,
        degraded: sql`degraded + excluded.degraded`,
        down: sql`down + excluded.down`,
        answered: sql`answered + excluded.answered`,
        latencySum: sql`latency_sum + excluded.latency_sum`,
        latencyMin: sql`min(coalesce(latency_min, excluded.latency_min), coalesce(excluded.latency_min, latency_min))`,
        latencyMax: sql`max(coalesce(latency_max, excluded.latency_max), coalesce(excluded.latency_max, latency_max))`,
      },
    })
    .prepare()
  const since = db
    .select(sums)
    .from(rollups)
    .where(
      and(
        eq(agentId, sql.placeholder('agentId')),
        eq(resolutionSeconds, sql.placeholder('resolutionSeconds')),
        gte(rollups.at, sql.placeholder('from')),
      ),
    )
    .orderBy(asc(rollups.at))
    .prepare()

  return {
    /** A busy agent counts as neither up nor down: it works, but has not shown that it answers. */
    add({ agentId, at, outcome, latencyMs }: RecordedCheck, resolutionSeconds: number): void {
      add.run({
        agentId,
        resolutionSeconds,
        at: at - (at % (resolutionSeconds * 1000)),
        up: Number(outcome === 'up' || outcome === 'degraded'),
        degraded: Number(outcome === 'degraded'),
        down: Number(outcome === 'down'),
        answered: Number(latencyMs !== null),
        latencySum: latencyMs ?? 0,
        latencyMin: latencyMs,
        latencyMax: latencyMs,
      })
    },

    since: (agentId: string, resolutionSeconds: number, from: number): Rollup[] =>
      since.all({ agentId, resolutionSeconds, from }),
  }
}
