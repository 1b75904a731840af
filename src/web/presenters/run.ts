import { isStrictJson, looseValue } from '../../json.ts'
import type { Agent } from '../../orchestrator/registry.ts'
import type { Run } from '../../orchestrator/runs.ts'
import { formatCost, formatDuration, formatNumber, presentMoment } from './format.ts'
import { presentJson } from './json-text.ts'
import { presentRun, presentStatus, runAsJson } from './runs.ts'

const doingNow: Record<string, string> = {
  pending: 'Accepted and saved. It is sent to the agent as soon as there is a place for it.',
  running: 'The agent is working. This page follows the run to its end by itself.',
}

/** The region `#run`. It polls itself until the run has ended. */
export function presentRunPage({ run, agent }: { run: Run; agent: Agent | undefined }, now: number) {
  const row = presentRun(run, now)
  const isOurs = run.agentId !== undefined
  return {
    ...row,
    title: isOurs ? `${run.workflow} on ${agent?.name ?? run.agentId}` : run.workflow,
    status: presentStatus(run.status),
    isGoingOn: run.status === 'pending' || run.status === 'running',
    doing: isOurs
      ? run.jobId !== null && run.status === 'running'
        ? backgroundNote(run.jobId)
        : doingNow[run.status]
      : undefined,
    facts: [
      {
        value: formatDuration(run.durationSeconds) === '–' ? row.duration : formatDuration(run.durationSeconds),
        label: 'Duration',
      },
      { value: formatNumber(run.totalTokens), label: 'Tokens' },
      { value: formatCost(run.totalCostUsd), label: 'Cost' },
    ],
    completed: presentMoment(run.completedAt, now),
    error: run.error ?? '',
    inputs: presentPayload(run.inputs, row.path, 'inputs'),
    outputs: presentPayload(run.outputs, row.path, 'outputs'),
    agent: isOurs
      ? {
          id: run.agentId!,
          name: agent?.name ?? run.agentId!,
          url: run.agentUrl ?? agent?.url ?? '',
          isRegistered: agent !== undefined,
          executePath: agent && `/orchestrator/${encodeURIComponent(agent.id)}/execute`,
          runsPath: `/runs?agent=${encodeURIComponent(run.agentId!)}`,
        }
      : undefined,
  }
}

function backgroundNote(jobId: string): string {
  return `The agent works on it in the background (job ${jobId.slice(0, 60)}). This page follows the run to its end by itself.`
}

function presentPayload(text: string | null, path: string, name: 'inputs' | 'outputs') {
  if (text === null || text === '') return undefined
  const { spans, hiddenCharacters } = presentJson(text)
  return { spans, hidden: hiddenCharacters > 0 ? formatNumber(hiddenCharacters) : '', rawPath: `${path}/${name}` }
}

/** A run for programs. Payloads that are not JSON (older rows of the Python program) are given as strings. */
export function runPageAsJson({ run }: { run: Run }): string {
  const rest = { ...runAsJson(run), error_message: run.error, job_id: run.jobId, agent_url: run.agentUrl }
  const payloads = `"inputs":${payloadAsJson(run.inputs)},"outputs":${payloadAsJson(run.outputs)}`
  return `${JSON.stringify(rest).slice(0, -1)},${payloads}}`
}

/** The text itself where it is JSON, so that no number changes its digits. */
function payloadAsJson(text: string | null): string {
  if (text === null) return 'null'
  if (isStrictJson(text)) return text
  const value = looseValue(text)
  return JSON.stringify(value === undefined ? text : value)
}
