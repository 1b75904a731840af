import type { runEvents, runExchanges } from '../../src/store/sqlite/sql/schema/runs.ts'
import type { Outputs, usageOf, Workflow } from '../agents/workflow.ts'
import type { Random } from '../random.ts'
import type { BadEnding } from './endings.ts'

/** What happened to a run, and what was said to its agent, as the dashboard records it. */
export type RunLog = {
  events: (typeof runEvents.$inferInsert)[]
  exchanges: (typeof runExchanges.$inferInsert)[]
}

export type LoggedRun = {
  id: string
  startedAt: number
  sentAt: number
  completedAt: number
  agentUrl: string
  jobId: string | null
  polls: number
  inputs: string
  workflow: Workflow
  usage: ReturnType<typeof usageOf>
  outputs: Outputs | undefined
  bad: BadEnding | undefined
}

const maxRecordedCharacters = 4096
const sentHeaders = JSON.stringify({ accept: 'application/json', 'content-type': 'application/json' })
const askedHeaders = JSON.stringify({ accept: 'application/json' })
const answeredHeaders = JSON.stringify({ 'content-type': 'application/json' })

export function logOf(run: LoggedRun, random: Random): RunLog {
  const { id: runId, startedAt, sentAt, completedAt, jobId, bad } = run
  const acceptedAt = sentAt + random.whole(8, 40)
  const event = (kind: string, at: number) => ({ runId, kind, at, attempt: kind === 'accepted' ? 0 : 1 })
  return {
    events: [
      event('accepted', startedAt),
      ...(bad?.isUnsent ? [] : [event('sent', sentAt)]),
      ...(jobId === null ? [] : [event('job', acceptedAt)]),
      event(bad?.status ?? 'completed', completedAt),
    ],
    exchanges: [sent(run, acceptedAt), ...(jobId === null || bad?.status === 'cancelled' ? [] : [lastAnswer(run)])],
  }
}

/** The call of `POST /run`. */
function sent(run: LoggedRun, acceptedAt: number) {
  const { sentAt, completedAt, agentUrl, jobId, inputs, bad, workflow } = run
  const answered = jobId === null ? answerTo(run) : { status: 200, body: accepted(jobId, workflow) }
  return {
    ...exchange(run, 'POST', `${agentUrl}/run`, sentAt, (jobId === null ? completedAt : acceptedAt) - sentAt),
    requestHeaders: sentHeaders,
    requestBody: inputs,
    ...answer(answered),
    ...(!answered && { failure: bad?.isUnsent ? 'connection refused' : 'stopped waiting' }),
  }
}

/** The last call of `GET /status/{job_id}`. */
function lastAnswer(run: LoggedRun) {
  const { completedAt, agentUrl, jobId } = run
  return {
    ...exchange(run, 'GET', `${agentUrl}/status/${jobId}`, completedAt - 12, 12),
    requestHeaders: askedHeaders,
    requestBody: null,
    ...answer(jobAnswer(run)),
  }
}

function exchange({ id: runId }: LoggedRun, method: string, url: string, at: number, durationMs: number) {
  return { runId, attempt: 1, at, method, url, durationMs, failure: null }
}

function answer(answered: { status: number; body: unknown } | undefined) {
  if (!answered) return { status: null, responseHeaders: null, responseBody: null }
  const responseBody = JSON.stringify(answered.body).slice(0, maxRecordedCharacters)
  return { status: answered.status, responseHeaders: answeredHeaders, responseBody }
}

const accepted = (job_id: string, { message }: Workflow) => ({ status: 'async', job_id, message })

function answerTo({ bad, outputs, usage, workflow }: LoggedRun) {
  if (bad) return bad.answered
  const execution_time_ms = Math.round(usage.seconds * 1000)
  const { message } = workflow
  return {
    status: 200,
    body: { status: 'success', execution_time_ms, outputs, ...spent(usage), job_id: null, message },
  }
}

function jobAnswer({ bad, outputs, usage, jobId: job_id }: LoggedRun) {
  if (bad?.status === 'lost') return { status: 404, body: { detail: 'Job not found' } }
  if (bad) return { status: 200, body: { job_id, status: 'failed', error: bad.errorMessage.replace(/^.*?: /, '') } }
  return { status: 200, body: { job_id, status: 'completed', outputs, ...spent(usage) } }
}

function spent({ totalTokens, totalCostUsd }: LoggedRun['usage']) {
  return {
    ...(totalTokens !== null && { total_tokens: totalTokens }),
    ...(totalCostUsd !== null && { cost_usd: totalCostUsd }),
  }
}
