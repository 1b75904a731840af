import type { RunSummary } from '../../ports/runs.ts'
import type { Store } from '../file/open.ts'
import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, sql } from '../sql/drizzle.ts'
import { runIndex } from '../sql/schema/history.ts'
import { workflowRuns } from '../sql/schema/runs.ts'

const { seq, runId, agent, agentId } = runIndex
const summary = {
  id: runId,
  agent,
  agentId,
  workflow: runIndex.workflow,
  status: runIndex.status,
  startedAt: runIndex.startedAt,
  completedAt: runIndex.completedAt,
  durationSeconds: runIndex.duration,
  totalTokens: runIndex.tokens,
  totalCostUsd: runIndex.cost,
  isReported: sql<boolean>`${runIndex.reported} IS NOT NULL`.mapWith(Boolean),
  startedBy: runIndex.startedBy,
}

export function createRunSummaries({ db }: Pick<Store, 'db'>) {
  const byId = db
    .select({ seq, ...summary })
    .from(runIndex)
    .where(eq(runId, sql.placeholder('id')))
    .prepare()
  const earlier = db
    .select(summary)
    .from(runIndex)
    .where(and(eq(agent, sql.placeholder('agent')), lt(seq, sql.placeholder('seq'))))
    .orderBy(desc(seq))
    .limit(sql.placeholder('max'))
    .prepare()
  const latestInputs = db
    .select({ id: workflowRuns.id, inputs: workflowRuns.inputs, startedAt: workflowRuns.startedAt })
    .from(runIndex)
    .innerJoin(workflowRuns, eq(workflowRuns.id, runId))
    .where(and(eq(agent, sql.placeholder('agentId')), eq(agentId, sql.placeholder('agentId'))))
    .orderBy(desc(seq))
    .limit(sql.placeholder('max'))
    .prepare()
  const unfinished = db
    .select({ id: runId })
    .from(runIndex)
    .where(and(inArray(runIndex.status, ['pending', 'running']), isNotNull(agentId), isNull(runIndex.reported)))
    .orderBy(asc(seq))
    .prepare()
  const reruns = db
    .select({ id: runId })
    .from(runIndex)
    .where(eq(runIndex.rerunOf, sql.placeholder('id')))
    .orderBy(asc(seq))
    .prepare()

  return {
    summaries: (ids: string[]): RunSummary[] =>
      ids
        .flatMap((id) => byId.get({ id }) ?? [])
        .sort((a, b) => b.seq - a.seq)
        .map(({ seq: _, ...run }) => run),

    earlier(id: string, max: number): RunSummary[] {
      const found = byId.get({ id })
      return found ? earlier.all({ agent: found.agent, seq: found.seq, max }) : []
    },

    latestInputs: (agentId: string, max: number) => latestInputs.all({ agentId, max }),

    unfinished: (): string[] => unfinished.all().map(({ id }) => id),

    rerunsOf: (id: string): string[] => reruns.all({ id }).map((run) => run.id),
  }
}
