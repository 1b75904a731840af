import { hourMs } from '../../../shared/durations.ts'
import type { Store } from '../file/open.ts'
import { and, count, gte, inArray, lt, sql } from '../sql/drizzle.ts'
import { runHours, runIndex } from '../sql/schema/history.ts'
import { added, type SumsAt, total } from './adding.ts'
import { createRunLists, type ListedRunRow } from './list.ts'
import { type Range, seqAt } from './ranges.ts'
import { createRunReading } from './reading.ts'
import { newestFirst } from './scan/request.ts'
import { createRunSums } from './sums.ts'

type AgentDuration = { agent: string; runs: number; meanSeconds: number }
type LongestRun = { id: string; agentId: string | null; durationSeconds: number }

export type RunOverviewTable = ReturnType<typeof createRunOverviewTable>

/** Ranges are in milliseconds; those of sums begin and end with an hour or a day. */
export function createRunOverviewTable({ db }: Pick<Store, 'db'>) {
  const reading = createRunReading(db)
  const sums = createRunSums(db, reading.names)
  const lists = createRunLists(reading)
  const statusesNow = ['running', 'pending']

  const mean = sql<number>`sum(${runHours.duration}) / sum(${runHours.timed})`
  const slowest = db
    .select({ agent: runHours.agent, runs: sql<number>`sum(${runHours.timed})`, meanSeconds: mean })
    .from(runHours)
    .where(and(gte(runHours.at, sql.placeholder('low')), lt(runHours.at, sql.placeholder('high'))))
    .groupBy(runHours.agent)
    .having(sql`sum(${runHours.timed}) > 0`)
    .orderBy(sql`${mean} DESC`, runHours.agent)
    .limit(sql.placeholder('max'))
    .prepare()
  // SQLite takes the other columns from the row that has the max().
  const longest = db.$client.prepare<[string, number, number, number], LongestRun & { durationSeconds: number | null }>(
    `SELECT run_id AS id, agent_id AS agentId, max(duration) AS durationSeconds FROM (
       SELECT run_id, agent_id, duration FROM run_index INDEXED BY ix_run_index_agent
       WHERE agent = ? AND seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ?
     )`,
  )
  const free = db.$client
    .prepare<[number, number], number>(
      'SELECT 1 FROM run_index INDEXED BY ix_run_index_cost WHERE cost = 0 AND seq >= ? AND seq < ? LIMIT 1',
    )
    .pluck()
  const unfinished = db.select({ runs: count() }).from(runIndex).where(inArray(runIndex.status, statusesNow)).prepare()

  function newest(selection: { statuses?: string[]; from?: number; to?: number }, size: number) {
    const { rows, isMore } = lists.page(selection, { order: newestFirst, size })
    return { rows, isMore }
  }

  return {
    sums: (range: Range, of: 'hour' | 'day'): SumsAt[] => sums.between(reading.read({}), range, of),

    firstHour: (): number | undefined => sums.firstHour(reading.read({})),

    /** Whether any of these runs has a cost of 0, rather than an unknown one. */
    hasFreeRun: ({ low, high }: Range): boolean => free.get(seqAt(low), seqAt(high)) !== undefined,

    slowest: ({ low, high }: Range, max: number): AgentDuration[] =>
      slowest.all({ low: low / hourMs, high: high / hourMs, max }),

    longest(agent: string, { low, high }: Range, among: number): LongestRun | undefined {
      const run = longest.get(agent, seqAt(low), seqAt(high), among)
      return run && run.durationSeconds !== null ? run : undefined
    },

    unfinished: (max: number): { runs: number; newest: ListedRunRow[] } => ({
      runs: unfinished.get()!.runs,
      newest: newest({ statuses: statusesNow }, max).rows,
    }),

    failures: (max: number, range?: Range) =>
      newest({ statuses: ['failed'], ...(range && { from: range.low, to: range.high }) }, max),

    countFailures: (range: Range): number =>
      total(added(sums.between(reading.read({ statuses: ['failed'] }), range, 'day'))),

    /** A run that is dated after `now` only where there is no other. */
    newest: (now: number): ListedRunRow | undefined => newest({ to: now + 1 }, 1).rows[0] ?? newest({}, 1).rows[0],
  }
}
