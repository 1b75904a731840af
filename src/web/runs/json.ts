import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import { credentialUrl } from '../format/asked.ts'
import { payloadAsJson } from '../format/payload.ts'
import { runAsJson } from '../format/run.ts'
import { isoTime } from '../format/times.ts'
import { paths } from '../http/paths.ts'

type Queued = NonNullable<NonNullable<FoundRun['progress']>['queued']>

/** Payloads that are not JSON (older rows of the Python program) become strings. */
export function runPageAsJson({ run, progress, agent }: Pick<FoundRun, 'run' | 'progress' | 'agent'>): string {
  const rest = {
    ...runAsJson(run),
    error_message: run.error,
    credential_url: credentialUrl(agent?.id, run.error),
    ...(run.errorFields.length > 0 && { errors: run.errorFields }),
    job_id: run.jobId,
    agent_url: run.agentUrl,
    rerun_of: run.rerunOf,
    trace_id: run.traceId,
    started_by_id: run.startedById,
    reported_at: isoTime(run.reportedAt),
    ...(run.status === 'pending' && progress?.queued && { queued: queueAsJson(progress.queued) }),
  }
  const payloads = `"inputs":${payloadAsJson(run.inputs)},"outputs":${payloadAsJson(run.outputs)}`
  return `${JSON.stringify(rest).slice(0, -1)},${payloads}}`
}

function queueAsJson({ limit, slots, heldBy }: Queued) {
  const runs = heldBy.map(({ runId, agentId }) => ({ run_id: runId, agent_id: agentId, url: paths.run(runId) }))
  return { limit, slots, held_by: runs }
}
