import { added } from '../../history/adding.ts'
import { everywhere, msOf, seqAt } from '../../history/ranges.ts'
import type { Failure, OverviewFacts, OverviewRequest } from '../../ports/overview.ts'
import type { TimeRange } from '../../ports/run-figures.ts'
import type { RunSelection } from '../../ports/run-selection.ts'
import type { Ask } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { texts } from '../sql/statements.ts'
import { newest, newestListed } from './pages.ts'
import { usualLimits } from './reading.ts'
import { alongNames, called } from './scan/sources.ts'
import { conditionsOf } from './selection/conditions.ts'
import * as sums from './sums.ts'

/** Reads only sums and a few narrow rows. */
export async function overviewOf(ask: Ask, request: OverviewRequest): Promise<OverviewFacts> {
  const { now, lastDay, failedSince, agents, ...max } = request
  const all: RunSelection = agents ? { agents } : {}
  const listed = (selection: RunSelection, most: number) => newestListed(ask, selection, most, usualLimits)
  const rowsOf = <Row>(selection: RunSelection, columns: ReturnType<typeof sql>, most: number) =>
    newest<Row>(ask, { ...selection, ...lastDay }, columns, most, usualLimits)
  const hours = await sums.between(ask, await conditionsOf(ask, all), { low: lastDay.from, high: lastDay.to }, 'hour')
  const [p50, p95] = await quantiles(ask, lastDay, agents, max.maxDurations)
  const failures = await rowsOf<Omit<Failure, 'startedAt'>>(
    { ...all, statuses: ['failed'] },
    sql`r.agent, r.agent_id AS "agentId", r.error`,
    max.maxFailures + 1,
  )
  const latest = await listed(all, max.maxLatest)
  const running = await listed({ ...all, statuses: ['running'] }, max.maxUnfinished)
  const queued =
    running.length < max.maxUnfinished ? await listed({ ...all, statuses: ['pending'] }, max.maxUnfinished) : []
  const [newestNow] = await listed({ ...all, to: now + 1 }, 1)
  return {
    hours: hours.map(({ at, byStatus }) => ({ at, byStatus })),
    p50,
    p95,
    newestAt: (newestNow ?? latest[0])?.startedAt,
    unfinished: {
      runs: await countUnfinished(ask, agents),
      newest: [...running, ...queued].slice(0, max.maxUnfinished),
    },
    latest,
    failures: {
      all: added(hours).byStatus.get('failed') ?? 0,
      newest: failures
        .slice(0, max.maxFailures)
        .map(({ seq, agent, agentId, error }) => ({ agent, agentId, error, startedAt: msOf(seq) })),
      isMore: failures.length > max.maxFailures,
    },
    failedSince: await countFailedSince(ask, failedSince, max.maxCounted),
  }
}

async function quantiles(ask: Ask, { from, to }: TimeRange, agents: string[] | undefined, most: number) {
  const among = agents ? sql`AND agent = ANY(${texts(agents)})` : sql``
  const row = await ask.first<{ found: number[] | null }>(sql`
    SELECT percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY duration) AS found FROM (
      SELECT duration FROM runs WHERE seq >= ${seqAt(from)} AND seq < ${seqAt(to)} AND duration IS NOT NULL ${among}
      ORDER BY seq DESC LIMIT ${most}
    ) AS newest`)
  return row!.found ?? []
}

async function countUnfinished(ask: Ask, agents: string[] | undefined): Promise<number> {
  const among = agents ? sql`AND agent = ANY(${texts(agents)})` : sql``
  const row = await ask.first<{ runs: number }>(
    sql`SELECT count(*) AS runs FROM runs WHERE status IN ('running', 'pending') ${among}`,
  )
  return row!.runs
}

async function countFailedSince(ask: Ask, asked: OverviewRequest['failedSince'], most: number): Promise<number[]> {
  if (asked.length === 0) return []
  const since = { low: sql`one.since - 1`, high: everywhere.high }
  const rows = await ask.rows<{ runs: number }>(sql`
    SELECT (SELECT count(*) FROM (
      SELECT FROM runs r WHERE ${called(['agent', 'status'], [sql`one.agent`, sql`'failed'`], since)}
      ${alongNames(['agent', 'status'], true)} LIMIT ${most}
    ) AS failed) AS runs
    FROM unnest(${texts(asked.map(({ agent }) => agent))}, ${sql.param(asked.map(({ since }) => seqAt(since)))}::bigint[])
      WITH ORDINALITY AS one(agent, since, number) ORDER BY number`)
  return rows.map(({ runs }) => runs)
}
