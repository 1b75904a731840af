import { seqAt } from '../../history/ranges.ts'
import type { HealthStore } from '../../ports/health.ts'
import type { Store } from '../file/open.ts'
import { toDatetime } from '../sql/datetime.ts'
import { and, desc, eq, inArray, sql } from '../sql/drizzle.ts'
import { runIndex as runs } from '../sql/schema/history.ts'

export function createFailedRuns(db: Store['db']): HealthStore['failedRuns'] {
  const within = db
    .select({ id: runs.runId, status: runs.status, startedAt: runs.startedAt, all: sql<number>`count(*) OVER ()` })
    .from(runs)
    .where(
      and(
        eq(runs.agent, sql.placeholder('agentId')),
        inArray(runs.status, ['failed', 'lost']),
        // By the index: the end of a run stands in none.
        sql`${runs.seq} BETWEEN ${sql.placeholder('first')} AND ${sql.placeholder('last')}`,
        sql`${runs.completedAt} BETWEEN ${sql.placeholder('from')}
          AND CASE ${runs.status} WHEN 'lost' THEN ${sql.placeholder('lostUntil')} ELSE ${sql.placeholder('to')} END`,
      ),
    )
    .orderBy(desc(runs.seq))
    .limit(sql.placeholder('max'))
    .prepare()

  return async (agentId, { begunFrom, from, to, lostUntil }, max) => {
    const rows = within.all({
      agentId,
      first: seqAt(begunFrom),
      last: seqAt(to + 1) - 1,
      from: toDatetime(from),
      to: toDatetime(to),
      lostUntil: toDatetime(lostUntil),
      max,
    })
    return { runs: rows.map(({ all: _, ...run }) => run), all: rows[0]?.all ?? 0 }
  }
}
