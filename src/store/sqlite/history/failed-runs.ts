import type { Store } from '../file/open.ts'
import { toDatetime } from '../sql/datetime.ts'
import { and, desc, eq, inArray, sql } from '../sql/drizzle.ts'
import { runIndex as runs } from '../sql/schema.ts'
import { placeOf } from './ranges.ts'

/** A run that did not come to a good end; `all` is how many there are besides those that are given. */
export type FailedRunRow = { id: string; status: string; startedAt: number; all: number }

/** Ended between `from` and `to`, or where it was lost until `lostUntil`; begun no earlier than `begun`. */
export type FailedRunSpan = { begun: number; from: number; to: number; lostUntil: number }

export type FailedRunTable = ReturnType<typeof createFailedRunTable>

/** The runs of `run_index` that failed or were lost. */
export function createFailedRunTable({ db }: Store) {
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
    .limit(sql.placeholder('most'))
    .prepare()

  return {
    /** Of an agent, newest first. */
    within: (agentId: string, { begun, from, to, lostUntil }: FailedRunSpan, most: number): FailedRunRow[] =>
      within.all({
        agentId,
        first: placeOf(begun),
        last: placeOf(to + 1) - 1,
        from: toDatetime(from),
        to: toDatetime(to),
        lostUntil: toDatetime(lostUntil),
        most,
      }),
  }
}
