import { recordedCall } from '../../../agent/http/recorded-call.ts'
import type { Protocol, ProtocolName } from '../../../agent/protocol.ts'
import { type Clock, pause } from '../../../shared/time/clock.ts'
import type { RunRecord } from '../../../store/ports/runs.ts'
import { type Callable, targetOf } from '../../registry/target.ts'
import type { CallOutcome } from '../engine/call.ts'
import type { RunEvent } from '../state.ts'
import { createJobDoubt, type JobReply } from './doubt.ts'

export type JobProgress = {
  polls: number
  /** Of the last usable answer, by the clock's `elapsed`. */
  heardAt: number | undefined
  word: string | undefined
  problem: string | undefined
  /** By the clock's `elapsed`; undefined while it is asked. */
  nextCheckAt: number | undefined
}

const firstPollMs = 1000
const maxPollMs = 10_000
const growth = 1.5
const jitter = 0.1
const answerTimeoutMs = 10_000
const urgentMs = 1000

/** Polls until the job ends; resolves to undefined when `signal` aborts. An answer that cannot be used is no end. */
export async function pollJob(
  row: RunRecord,
  deps: {
    protocols: Record<ProtocolName, Pick<Protocol, 'follow'>>
    clock: Pick<Clock, 'elapsed' | 'after'>
    random: () => number
    agent: () => Callable
    limitMs: number
    sinceSentMs: () => number
    signal: AbortSignal
    progress: JobProgress
    onPolled: (isAnswered: boolean, url: string) => void
  },
): Promise<CallOutcome | undefined> {
  const { protocols, clock, random, agent: agentNow, limitMs, sinceSentMs, signal, progress, onPolled } = deps
  const { attempt } = row
  let waitMs = firstPollMs
  let restMs = 0
  const doubt = createJobDoubt(clock.elapsed)
  for (;;) {
    const jittered = (doubt.isUrgent() ? urgentMs : waitMs) * (1 + jitter * (2 * random() - 1))
    const pauseMs = Math.max(restMs, jittered)
    progress.nextCheckAt = clock.elapsed() + pauseMs
    await pause(clock, pauseMs, signal)
    progress.nextCheckAt = undefined
    if (signal.aborted) return undefined
    const agent = agentNow()
    const { reply, record, retryAfterMs } = await ask(protocols[agent.protocol], agent, row.jobId!, signal)
    restMs = retryAfterMs
    if (signal.aborted) return undefined
    onPolled(!('reason' in reply), agent.url)
    const { polls } = hear(progress, reply, clock.elapsed())
    const end = endOf(reply, attempt) ?? lost(attempt, doubt.lostReason(reply))
    if (end) return { record, event: { ...end, polls } }
    if (sinceSentMs() >= limitMs) {
      return { record, event: { kind: 'lost', attempt, message: tooLongMessage(limitMs, progress.problem), polls } }
    }
    if (!doubt.isUrgent()) waitMs = Math.min(maxPollMs, waitMs * growth)
  }
}

type End = RunEvent & { kind: 'completed' | 'failed' | 'cancelled' | 'lost' }

/** An answer that is too large now will be too large the next time. */
function endOf(reply: JobReply, attempt: number): End | undefined {
  switch (reply.kind) {
    case 'completed': {
      const { kind, ...result } = reply
      return { kind, attempt, result }
    }
    case 'failed':
      return { ...reply, attempt }
    case 'cancelled':
      return reply
    case 'no-answer':
      return reply.failure === 'too-large'
        ? {
            kind: 'failed',
            attempt,
            message: `The result cannot be read: ${reply.reason}. The agent may have finished.`,
          }
        : undefined
    default:
      return undefined
  }
}

function lost(attempt: number, message: string | undefined): End | undefined {
  return message === undefined ? undefined : { kind: 'lost', attempt, message }
}

async function ask(protocol: Pick<Protocol, 'follow'>, agent: Callable, jobId: string, signal: AbortSignal) {
  const { answer, failure, record } = await recordedCall((onRecord) =>
    protocol.follow(targetOf(agent), jobId, { deadlineMs: answerTimeoutMs, signal, onRecord }),
  )
  if (failure) {
    const reply: JobReply = { kind: 'no-answer', failure: failure.kind, reason: failure.reason }
    return { reply, record, retryAfterMs: 0 }
  }
  const { retryAfterMs = 0, ...reply } = answer
  return { reply: reply as JobReply, record, retryAfterMs }
}

function hear(progress: JobProgress, answer: JobReply, now: number): JobProgress {
  progress.polls++
  if (answer.kind === 'not-here') progress.problem = 'it does not know the job'
  else if ('reason' in answer) progress.problem = answer.reason
  else {
    progress.heardAt = now
    progress.problem = undefined
    if (answer.kind === 'working') progress.word = answer.word
  }
  return progress
}

function tooLongMessage(limitMs: number, problem: string | undefined): string {
  const after = `after ${Math.round(limitMs / 1000)} s`
  if (problem === undefined) return `The agent was still working ${after}, and is no longer asked. It may still finish.`
  const reason = problem.replace(/\.$/, '')
  return `The agent could not be asked for the result (${reason}), and ${after} it is no longer tried. It may have finished.`
}
