import { toDatetime } from './datetime.ts'
import { and, desc, eq, inArray, sql } from './drizzle.ts'
import type { Store } from './open.ts'
import { workflowRuns as runs } from './schema.ts'

/** A run that did not come to a good end; `all` is how many there are besides those that are given. */
export type FailedRunRow = { id: string; status: string; startedAt: number; all: number }

/** Ended between `from` and `to`, or where it was lost until `lostUntil`; begun no earlier than `begun`. */
export type FailedRunSpan = { begun: number; from: number; to: number; lostUntil: number }

export type FailedRunTable = ReturnType<typeof createFailedRunTable>

/** The runs of `workflow_runs` that failed or were lost. */
export function createFailedRunTable({ db }: Store) {
  const within = db
    .select({ id: runs.id, status: runs.status, startedAt: runs.startedAt, all: sql<number>`count(*) OVER ()` })
    .from(runs)
    .where(
      and(
        eq(runs.workflowName, sql.placeholder('agentId')),
        inArray(runs.status, ['failed', 'lost']),
        // By the index: the end of a run stands in none.
        sql`${runs.startedAt} BETWEEN ${sql.placeholder('begun')} AND ${sql.placeholder('to')}`,
        sql`${runs.completedAt} BETWEEN ${sql.placeholder('from')}
          AND CASE ${runs.status} WHEN 'lost' THEN ${sql.placeholder('lostUntil')} ELSE ${sql.placeholder('to')} END`,
      ),
    )
    .orderBy(desc(runs.startedAt), desc(runs.id))
    .limit(sql.placeholder('most'))
    .prepare()

  return {
    /** Of an agent, newest first. */
    within: (agentId: string, { begun, from, to, lostUntil }: FailedRunSpan, most: number): FailedRunRow[] =>
      within.all({
        agentId,
        begun: toDatetime(begun),
        from: toDatetime(from),
        to: toDatetime(to),
        lostUntil: toDatetime(lostUntil),
        most,
      }),
  }
}
