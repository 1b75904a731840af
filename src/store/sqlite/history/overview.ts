import type { SQL } from 'drizzle-orm'
import { added } from '../../history/adding.ts'
import { quantile } from '../../history/quantile.ts'
import { msOf, seqAt } from '../../history/ranges.ts'
import { newestFirst, type Scanned } from '../../history/scanning.ts'
import type { Failure, OverviewFacts, OverviewRequest } from '../../ports/overview.ts'
import type { TimeRange } from '../../ports/run-figures.ts'
import type { FoundRun } from '../../ports/run-pages.ts'
import type { RunSelection, RunTest } from '../../ports/run-selection.ts'
import type { Store } from '../file/open.ts'
import { count, inArray, sql } from '../sql/drizzle.ts'
import { runIndex } from '../sql/schema/history.ts'
import { createRunLists } from './list.ts'
import { foundRun } from './listed-row.ts'
import { createRunReading, type RunReading } from './reading.ts'
import { createRunSums } from './sums.ts'

type FailureRow = Omit<Failure, 'startedAt'> & { seq: number }

const isTimed: RunTest = { of: 'duration', range: {}, isNot: false }
const statusesNow = ['running', 'pending']

/** Reads only kept sums and a few narrow rows, all of them through an index. */
export function createRunOverview({ db }: Pick<Store, 'db'>): (request: OverviewRequest) => OverviewFacts {
  const reading = createRunReading(db)
  const sums = createRunSums(db, reading.names)
  const lists = createRunLists(reading)
  const read = preparedReads(db)

  function newest(selection: RunSelection, max: number): FoundRun[] {
    return lists.page(selection, { order: newestFirst, size: max }).rows.map(foundRun)
  }

  const ofAgents = readsOfAgents(db, reading)

  return ({ now, lastDay, failedSince, agents, ...max }) => {
    const { from, to } = lastDay
    const all: RunSelection = agents ? { agents } : {}
    const some = agents ? ofAgents(agents) : read
    const hours = sums.between(reading.read(all), { low: from, high: to }, 'hour')
    const durations = some.durations(lastDay, max.maxDurations).sort((a, b) => a - b)
    const failures = some.failures(lastDay, max.maxFailures + 1)
    const latest = newest(all, max.maxLatest)
    const unfinished = statusesNow.flatMap((status) => newest({ ...all, statuses: [status] }, max.maxUnfinished))
    return {
      hours: hours.map(({ at, byStatus }) => ({ at, byStatus })),
      p50: quantile(durations, 0.5),
      p95: quantile(durations, 0.95),
      newestAt: (newest({ ...all, to: now + 1 }, 1)[0] ?? latest[0])?.startedAt,
      unfinished: { runs: some.unfinished(), newest: unfinished.slice(0, max.maxUnfinished) },
      latest,
      failures: {
        all: added(hours).byStatus.get('failed') ?? 0,
        newest: failures.slice(0, max.maxFailures),
        isMore: failures.length > max.maxFailures,
      },
      failedSince: failedSince.map(({ agent, since }) => read.failedSince(agent, since, max.maxCounted)),
    }
  }
}

function preparedReads(db: Store['db']) {
  const { $client } = db
  const inRange = 'seq >= ? AND seq < ?'
  const failures = $client.prepare<number[], FailureRow>(
    `SELECT seq, agent, agent_id AS agentId, error FROM run_index INDEXED BY ix_run_index_status
     WHERE status = 'failed' AND ${inRange} ORDER BY seq DESC LIMIT ?`,
  )
  const durations = $client
    .prepare<number[], number>(
      `SELECT duration FROM run_index NOT INDEXED WHERE ${inRange} AND duration IS NOT NULL ORDER BY seq DESC LIMIT ?`,
    )
    .pluck()
  const failedSince = $client
    .prepare<[string, number, number], number>(
      `SELECT count(*) FROM (
         SELECT 1 FROM run_index INDEXED BY ix_run_index_agent_status
         WHERE agent = ? AND status = 'failed' AND seq >= ? LIMIT ?
       )`,
    )
    .pluck()
  const unfinished = db.select({ runs: count() }).from(runIndex).where(inArray(runIndex.status, statusesNow)).prepare()

  return {
    durations: ({ from, to }: TimeRange, max: number): number[] => durations.all(seqAt(from), seqAt(to), max),

    failures: ({ from, to }: TimeRange, max: number): Failure[] =>
      failures.all(seqAt(from), seqAt(to), max).map(({ seq, ...run }) => ({ ...run, startedAt: msOf(seq) })),

    failedSince: (agent: string, since: number, max: number): number => failedSince.get(agent, seqAt(since), max)!,

    unfinished: (): number => unfinished.get()!.runs,
  }
}

function readsOfAgents(db: Store['db'], reading: RunReading) {
  const unfinished = db.$client
    .prepare<[string], number>(
      `SELECT count(*) FROM run_index INDEXED BY ix_run_index_agent_status
       WHERE agent IN (SELECT value FROM json_each(?)) AND status IN ('running', 'pending')`,
    )
    .pluck()

  function newest<Row>(selection: RunSelection, columns: SQL, max: number): (Row & Scanned)[] {
    const asked = { columns, order: newestFirst, isForward: true, from: undefined, size: max }
    const rows: (Row & Scanned)[] = []
    for (const chunk of reading.matching<Row>(reading.read(selection), asked)) {
      rows.push(...chunk.rows)
      if (rows.length >= max) break
    }
    return rows.slice(0, max)
  }

  return (agents: string[]): Pick<ReturnType<typeof preparedReads>, 'durations' | 'failures' | 'unfinished'> => ({
    durations: (range, max) =>
      newest<{ duration: number }>({ ...range, agents, tests: [isTimed] }, sql`r.duration`, max).map(
        ({ duration }) => duration,
      ),

    failures: (range, max) =>
      newest<Omit<FailureRow, 'seq'>>(
        { ...range, agents, statuses: ['failed'] },
        sql`r.agent, r.agent_id AS agentId, r.error`,
        max,
      ).map(({ seq, agent, agentId, error }) => ({ agent, agentId, error, startedAt: msOf(seq) })),

    unfinished: () => unfinished.get(JSON.stringify(agents))!,
  })
}
