import type { SQL } from 'drizzle-orm'
import type { CompletedRun, RunRecord, RunSummary } from '../../ports/runs.ts'
import type { Session } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'

const maxLookedAt = 500

type Row = Omit<RunSummary, 'startedAt'> & { startedAt: number | null }

const summary = sql`id, agent, agent_id AS "agentId", workflow, status, started_at AS "startedAt",
  completed_at AS "completedAt", duration AS "durationSeconds", tokens AS "totalTokens", cost AS "totalCostUsd",
  reported_at IS NOT NULL AS "isReported", started_by AS "startedBy"`

async function summariesWhere({ rows }: Session, where: SQL): Promise<RunSummary[]> {
  const found = await rows<Row>(sql`SELECT ${summary} FROM runs WHERE ${where}`)
  return found.map((run) => ({ ...run, startedAt: run.startedAt ?? Number.NaN }))
}

export const summaries = (session: Session, ids: string[]): Promise<RunSummary[]> =>
  summariesWhere(session, sql`id = ANY(${sql.param(ids)}::text[]) ORDER BY seq DESC`)

export const earlier = (session: Session, id: string, max: number): Promise<RunSummary[]> =>
  summariesWhere(
    session,
    sql`agent = (SELECT agent FROM runs WHERE id = ${id}) AND seq < (SELECT seq FROM runs WHERE id = ${id})
      ORDER BY seq DESC LIMIT ${max}`,
  )

export async function latestInputs(session: Session, agentId: string, max: number) {
  const found = await session.rows<Pick<RunRecord, 'id' | 'inputs' | 'startedAt'>>(sql`
    SELECT id, inputs, started_at AS "startedAt" FROM runs JOIN run_texts ON run_id = id
    WHERE runs.agent = ${agentId} AND agent_id = ${agentId} ORDER BY seq DESC LIMIT ${max}`)
  return found.map((run) => ({ ...run, startedAt: run.startedAt ?? Number.NaN }))
}

export const latestCompleted = (
  { rows }: Session,
  agent: string,
  workflow: string,
  max: number,
): Promise<CompletedRun[]> =>
  rows(sql`
    SELECT duration AS "durationSeconds", cost AS "costUsd" FROM (
      SELECT seq, workflow, duration, cost FROM runs
      WHERE agent = ${agent} AND status = 'completed' ORDER BY seq DESC LIMIT ${maxLookedAt}
    ) AS newest
    WHERE workflow = ${workflow} AND duration IS NOT NULL ORDER BY seq DESC LIMIT ${max}`)

const idsOf = async ({ rows }: Session, where: SQL): Promise<string[]> =>
  (await rows<{ id: string }>(sql`SELECT id FROM runs WHERE ${where} ORDER BY seq`)).map(({ id }) => id)

/** Those that dashboards carry out. */
export const isUnfinished = sql`status IN ('pending', 'running') AND agent_id IS NOT NULL AND reported_at IS NULL`

export const unfinished = (session: Session, owner?: string): Promise<string[]> =>
  idsOf(session, owner === undefined ? isUnfinished : sql`${isUnfinished} AND owner = ${owner}`)

export const rerunsOf = (session: Session, id: string): Promise<string[]> => idsOf(session, sql`rerun_of = ${id}`)
