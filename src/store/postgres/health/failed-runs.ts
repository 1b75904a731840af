import { seqAt } from '../../history/ranges.ts'
import type { FailedRuns, HealthStore } from '../../ports/health.ts'
import type { Session } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { runs } from '../sql/schema/runs.ts'

type Row = FailedRuns['runs'][number] & { all: number }
type Range = Parameters<HealthStore['failedRuns']>[1]

export async function failedRuns(session: Session, agentId: string, range: Range, max: number): Promise<FailedRuns> {
  // Times may be between two milliseconds, where they were measured.
  const [from, to, lostUntil] = [Math.ceil(range.from), Math.floor(range.to), Math.floor(range.lostUntil)]
  const found = await session.rows<Row>(sql`
    SELECT id, status, started_at AS "startedAt", count(*) OVER () AS all FROM ${runs}
    WHERE agent = ${agentId} AND status IN ('failed', 'lost') AND seq >= ${seqAt(range.begunFrom)} AND seq < ${seqAt(to + 1)}
      AND completed_at >= ${from} AND completed_at <= CASE status WHEN 'lost' THEN ${lostUntil}::bigint ELSE ${to}::bigint END
    ORDER BY seq DESC LIMIT ${max}`)
  return { runs: found.map(({ all: _, ...run }) => run), all: found[0]?.all ?? 0 }
}
