import type { BulkActionProgress } from '../../orchestrator/bulk/progress.ts'
import { isoTime } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { starterIn } from './actions.ts'

export function bulkJobAsJson(job: BulkActionProgress) {
  const {
    id,
    action,
    state,
    total,
    done,
    leftOut,
    failed,
    reasons,
    createdAt,
    startedAt,
    endedAt,
    problem,
    filter,
    stopReason,
  } = job
  return {
    bulk_id: id,
    action,
    status: state,
    total: total ?? null,
    handled: done + leftOut + failed,
    done,
    left_out: leftOut,
    failed,
    reasons: reasons.map(({ kind, reason, runs, runId }) => ({
      kind: kind.replace(' ', '_'),
      reason,
      runs,
      example_run_id: runId,
    })),
    filter,
    problem: problem ?? null,
    stop_reason: stopReason,
    started_by: starterIn(job),
    created_at: isoTime(createdAt),
    started_at: isoTime(startedAt),
    ended_at: isoTime(endedAt),
    url: paths.bulkAction(id),
  }
}
