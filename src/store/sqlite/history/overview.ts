import { msOf, seqAt } from '../../history/ranges.ts'
import type { Failure, OverviewFacts, OverviewRequest } from '../../ports/overview.ts'
import type { TimeRange } from '../../ports/run-figures.ts'
import type { FoundRun } from '../../ports/run-pages.ts'
import type { RunSelection } from '../../ports/run-selection.ts'
import type { Store } from '../file/open.ts'
import { count, inArray } from '../sql/drizzle.ts'
import { runIndex } from '../sql/schema/history.ts'
import { added } from './adding.ts'
import { quantile } from './figures/quantile.ts'
import { createRunLists, foundRun } from './list.ts'
import { createRunReading } from './reading.ts'
import { newestFirst } from './scan/request.ts'
import { createRunSums } from './sums.ts'

type FailureRow = Omit<Failure, 'startedAt'> & { seq: number }

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

  return ({ now, lastDay, failedSince, ...max }) => {
    const { from, to } = lastDay
    const hours = sums.between(reading.read({}), { low: from, high: to }, 'hour')
    const durations = read.durations(lastDay, max.maxDurations).sort((a, b) => a - b)
    const failures = read.failures(lastDay, max.maxFailures + 1)
    const latest = newest({}, max.maxLatest)
    return {
      hours: hours.map(({ at, byStatus }) => ({ at, byStatus })),
      p50: quantile(durations, 0.5),
      p95: quantile(durations, 0.95),
      newestAt: (newest({ to: now + 1 }, 1)[0] ?? latest[0])?.startedAt,
      unfinished: { runs: read.unfinished(), newest: newest({ statuses: statusesNow }, max.maxUnfinished) },
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
