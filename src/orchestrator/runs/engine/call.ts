import type { AgentFailure } from '../../../agent/http/failure.ts'
import type { ExchangeRecord } from '../../../agent/http/record.ts'
import { recordedCall } from '../../../agent/http/recorded-call.ts'
import type { Target } from '../../../agent/http/target.ts'
import type { Protocol, RunAnswer } from '../../../agent/protocol.ts'
import type { RunRecord } from '../../../store/ports/runs.ts'
import type { RunEvent } from '../state.ts'

export const stoppedMessage =
  'The dashboard stopped while the agent was working, and did not hear how it ended. The agent may have finished.'

export type CallOutcome = { event: RunEvent; record: ExchangeRecord | undefined }

/** An agent that refuses inputs has read them, and is alive. */
const refused = 422

export async function callAgent(
  protocol: Pick<Protocol, 'run'>,
  target: Target,
  row: RunRecord,
  call: { inputs: string; traceparent: string | undefined; deadlineMs: number; signal: AbortSignal },
): Promise<CallOutcome & { isGood: boolean }> {
  const { attempt } = row
  const { answer, failure, record } = await recordedCall((onRecord) =>
    protocol.run(target, { id: row.id, ...call, onRecord }),
  )
  if (failure) return { record, isGood: false, event: eventOfFailure(failure, attempt, target.url) }
  const { event, isGood = true } = eventOfAnswer(answer, attempt, record?.status)
  return { record, isGood, event }
}

function eventOfAnswer(
  answer: RunAnswer,
  attempt: number,
  status: number | null | undefined,
): { event: RunEvent; isGood?: boolean } {
  switch (answer.kind) {
    case 'failed':
      return { event: { ...answer, attempt }, isGood: status === refused || isSuccess(status) }
    case 'cancelled':
      return { event: answer }
    case 'accepted':
      return { event: { kind: 'job', attempt, jobId: answer.jobId } }
    case 'completed': {
      const { kind, ...result } = answer
      return { event: { kind, attempt, result } }
    }
  }
}

function eventOfFailure(failure: AgentFailure, attempt: number, url: string): RunEvent {
  if (failure.kind === 'cancelled') return { kind: 'lost', attempt, message: stoppedMessage }
  if (failure.isUnsent) return { kind: 'unsent', attempt }
  return { kind: 'failed', attempt, message: failureSentence(url, failure) }
}

function isSuccess(status: number | null | undefined): boolean {
  return typeof status === 'number' && status >= 200 && status <= 299
}

export function unsentSentence(url: string, record: ExchangeRecord | undefined): string {
  const reason = record?.failure ?? 'no connection'
  return `Cannot connect to agent at ${url}: ${reason}${reason === 'connection refused' ? '. Is it running?' : '.'}`
}

function failureSentence(url: string, { kind, reason }: AgentFailure): string {
  if (kind === 'timeout') return `The agent gave ${reason}. It may still be working.`
  const mayHaveRun = kind === 'interim' ? ' The agent may have finished.' : ''
  return `The call to the agent at ${url} failed: ${reason}.${mayHaveRun}`
}
