import type { Store } from '../file/open.ts'
import { and, count, gte, inArray, lt, sql } from '../sql/drizzle.ts'
import { runHours, runIndex } from '../sql/schema/history.ts'
import { createRunLists, type ListedRunRow } from './list.ts'
import { type Span, seqAt } from './ranges.ts'
import { createRunReading } from './reading.ts'
import { newestFirst } from './scan.ts'
import { added, createRunSums, hourMs, type SumsAt, total } from './sums.ts'

/** How long the runs of an agent took, those of which that is known: how many they are, and their mean in seconds. */
type AgentDuration = { agent: string; runs: number; meanSeconds: number }
type LongestRun = { id: string; agentId: string | null; durationSeconds: number }

export type RunOverviewTable = ReturnType<typeof createRunOverviewTable>

/**
 * What the overview reads: the sums of hours and days, and little besides of run_index. Times are in milliseconds;
 * those of sums begin and end with an hour, or with a day.
 */
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
    .limit(sql.placeholder('most'))
    .prepare()
  // Of max(), SQLite takes the other columns from the row that has it.
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
  const goingOn = db.select({ runs: count() }).from(runIndex).where(inArray(runIndex.status, statusesNow)).prepare()

  function newest(selection: { statuses?: string[]; from?: number; to?: number }, size: number) {
    const { rows, isMore } = lists.page(selection, { order: newestFirst, size })
    return { rows, isMore }
  }

  return {
    /** What the runs of each hour, or of each day, come to; where none started, there is nothing. */
    sums: (span: Span, of: 'hour' | 'day'): SumsAt[] => sums.between(reading.read({}), span, of),

    /** The hour in which the first of all runs started. */
    firstHour: (): number | undefined => sums.firstHour(reading.read({})),

    /** Whether any of these runs gave its cost, where their costs add up to nothing. */
    hasFreeRun: ({ low, high }: Span): boolean => free.get(seqAt(low), seqAt(high)) !== undefined,

    /** The agents, and the workflows of Python's own, whose runs took longest in the mean, the slowest first. */
    slowest: ({ low, high }: Span, most: number): AgentDuration[] =>
      slowest.all({ low: low / hourMs, high: high / hourMs, most }),

    /** The run of an agent that took longest, among so many of its newest. */
    longest(agent: string, { low, high }: Span, among: number): LongestRun | undefined {
      const run = longest.get(agent, seqAt(low), seqAt(high), among)
      return run && run.durationSeconds !== null ? run : undefined
    },

    /** How many runs go on, and the newest of them. */
    goingOn: (most: number): { runs: number; newest: ListedRunRow[] } => ({
      runs: goingOn.get()!.runs,
      newest: newest({ statuses: statusesNow }, most).rows,
    }),

    /** The newest runs that failed, of all or of a time. */
    failures: (most: number, span?: Span) =>
      newest({ statuses: ['failed'], ...(span && { from: span.low, to: span.high }) }, most),

    countFailures: (span: Span): number =>
      total(added(sums.between(reading.read({ statuses: ['failed'] }), span, 'day'))),

    /** The run that started last; one that is dated after `now` only where there is no other. */
    newest: (now: number): ListedRunRow | undefined => newest({ to: now + 1 }, 1).rows[0] ?? newest({}, 1).rows[0],
  }
}
