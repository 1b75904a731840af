import { aheadMs } from '../../../history/chart-range.ts'
import { msOf, seqAt } from '../../../history/ranges.ts'
import type { SampleFigures } from '../../../history/sample.ts'
import { maxCounted, maxTimed } from '../../../history/sample.ts'
import type { Ask } from '../../database/session.ts'
import { sql } from '../../sql/drizzle.ts'
import { sourceOf } from '../scan/sources.ts'
import type { RunConditions } from '../selection/conditions.ts'

type Row = { runs: number; quantiles: number[] | null; newest: number | null; past: number | null }

/** Whether `timedSample` tells of a selection: sums tell the rest. */
export const isTimed = (found: RunConditions): boolean => found.sums !== undefined && sourceOf(found).isDirect

/** What the durations of the newest runs come to: thousands of rows would take longer to send than to sort. */
export async function timedSample(ask: Ask, found: RunConditions, now: number): Promise<SampleFigures> {
  if (found.isNothing) return { runs: 0, isWhole: true, p50: undefined, p95: undefined, newest: [] }
  const max = found.checks.length > 0 ? maxTimed : maxCounted
  const row = await ask.first<Row>(sql`
    SELECT count(*) AS runs, percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY duration) AS quantiles,
      max(seq) AS newest, max(seq) FILTER (WHERE seq < ${seqAt(now + aheadMs + 1)}) AS past
    FROM (${sourceOf(found).rows(sql`r.duration`, found.range, true, max + 1)}) AS newest`)
  const { runs, quantiles, newest, past } = row!
  return {
    ...{ runs: Math.min(runs, max), isWhole: runs <= max, p50: quantiles?.[0], p95: quantiles?.[1] },
    newest: [newest, past].flatMap((seq) => (seq === null ? [] : msOf(seq))),
  }
}
