import { AgentFailure } from '../../../agent/http/failure.ts'
import type { ExchangeRecord } from '../../../agent/http/record.ts'
import type { Target } from '../../../agent/http/target.ts'
import type { Protocol } from '../../../agent/protocol.ts'
import type { RunRecord } from '../../../store/ports/runs.ts'
import type { RunEvent } from '../state.ts'

export const stoppedMessage =
  'The dashboard stopped while the agent was working, and did not hear how it ended. The agent may have finished.'

export type CallOutcome = { event: RunEvent; record: ExchangeRecord | undefined }

/** What an agent refuses it has read: that too shows that it lives. */
const refused = 422

/** Sends a run to its agent, once, and says what that means for the run. */
export async function callAgent(
  protocol: Pick<Protocol, 'run'>,
  target: Target,
  row: RunRecord,
  call: { inputs: string; deadlineMs: number; signal: AbortSignal },
): Promise<CallOutcome & { isGood: boolean }> {
  const { attempt } = row
  let record: ExchangeRecord | undefined
  const onRecord = (made: ExchangeRecord) => {
    record = made
  }
  try {
    const answer = await protocol.run(target, { id: row.id, ...call, onRecord })
    switch (answer.kind) {
      case 'failed': {
        const isGood = record?.status === refused || isSuccess(record?.status)
        return { record, isGood, event: { ...answer, attempt } }
      }
      case 'cancelled':
        return { record, isGood: true, event: answer }
      case 'accepted':
        return { record, isGood: true, event: { kind: 'job', attempt, jobId: answer.jobId } }
      case 'completed': {
        const { kind, ...result } = answer
        return { record, isGood: true, event: { kind, attempt, result } }
      }
    }
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error
    if (error.kind === 'cancelled')
      return { record, isGood: false, event: { kind: 'lost', attempt, message: stoppedMessage } }
    if (error.isUnsent) return { record, isGood: false, event: { kind: 'unsent', attempt } }
    return { record, isGood: false, event: { kind: 'failed', attempt, message: failureSentence(target.url, error) } }
  }
}

function isSuccess(status: number | null | undefined): boolean {
  return typeof status === 'number' && status >= 200 && status <= 299
}

/** Why a run could not be handed over, for a person. */
export function unsentSentence(url: string, record: ExchangeRecord | undefined): string {
  const reason = record?.failure ?? 'no connection'
  return `Cannot connect to agent at ${url}: ${reason}${reason === 'connection refused' ? '. Is it running?' : '.'}`
}

function failureSentence(url: string, { kind, reason }: AgentFailure): string {
  if (kind === 'timeout') return `The agent gave ${reason}. It may still be working.`
  const mayHaveRun = kind === 'interim' ? ' The agent may have finished.' : ''
  return `The call to the agent at ${url} failed: ${reason}.${mayHaveRun}`
}
