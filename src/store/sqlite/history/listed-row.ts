import type { Scanned } from '../../history/scanning.ts'
import type { FoundRun } from '../../ports/run-pages.ts'
import { fromDatetime } from '../sql/datetime.ts'
import { sql } from '../sql/drizzle.ts'

export type ListedRunRow = FoundRun & { seq: number }

export type RawRow = Omit<ListedRunRow, 'startedAt' | 'completedAt' | 'isReported'> & {
  startedAt: unknown
  completedAt: unknown
  reported: number | null
}

export const listed = sql`r.run_id AS id, r.agent, r.agent_id AS agentId, r.workflow, r.status, r.started_at AS startedAt,
  r.completed_at AS completedAt, r.duration AS durationSeconds, r.tokens AS totalTokens, r.cost AS totalCostUsd,
  r.rerun_of AS rerunOf, r.error, r.reported, r.started_by AS startedBy, (SELECT line FROM run_input_lines AS i WHERE i.seq = r.seq) AS inputLine`

export function fromRaw({
  startedAt,
  completedAt,
  reported,
  isUnsure: _,
  value: __,
  ...row
}: RawRow & Scanned): ListedRunRow {
  return {
    ...row,
    startedAt: fromDatetime(startedAt),
    completedAt: completedAt === null ? null : fromDatetime(completedAt),
    isReported: reported !== null,
  }
}

export function foundRun({ seq: _, ...run }: ListedRunRow): FoundRun {
  return run
}
