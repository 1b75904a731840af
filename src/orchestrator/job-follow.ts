import type { AgentClient } from '../agent/client.ts'
import type { ExchangeRecord } from '../agent/exchange.ts'
import { AgentFailure } from '../agent/failure.ts'
import type { JobAnswer } from '../agent/messages.ts'
import type { RunRow } from '../store/runs.ts'
import type { CallOutcome } from './run-call.ts'

/** How a job in the background goes, as far as the dashboard has heard since it started. */
export type JobProgress = {
  polls: number
  /** When the agent last said something of the job that made sense, by the clock that does not jump. */
  heardAt: number | undefined
  /** The agent's own word for what the job does. */
  word: string | undefined
  /** Why the last question got no usable answer. */
  problem: string | undefined
}

const firstPollMs = 1000
const longestPollMs = 10_000
const growth = 1.5
const jitter = 0.1
const answerTimeoutMs = 10_000
/** An agent forgets its jobs when it restarts; one 404 alone may come from a proxy while it does. */
const unknownUntilLost = 3

const forgottenMessage =
  'The agent accepted the run, but no longer knows its job. It was probably restarted, and the result is lost.'

/**
 * Asks for the job of a run until it ends, more and more rarely. Resolves to the end, or to undefined when `signal`
 * says to stop asking. Answers that fail or make no sense are no verdict: it asks again.
 */
export async function followJob(
  row: RunRow,
  deps: {
    client: Pick<AgentClient, 'askJob'>
    elapsed: () => number
    random: () => number
    pause: (ms: number, signal: AbortSignal) => Promise<void>
    /** Where the agent is now. */
    address: () => string
    limitMs: number
    sinceSentMs: () => number
    signal: AbortSignal
    progress: JobProgress
    /** Is told after each question whether the answer made sense, and where it was asked. */
    onAsked: (isAnswered: boolean, url: string) => void
  },
): Promise<CallOutcome | undefined> {
  const { client, elapsed, random, pause, address, limitMs, sinceSentMs, signal, progress, onAsked } = deps
  const attempt = row.attempt ?? 0
  let waitMs = firstPollMs
  /** For how long the agent asked to be left alone. */
  let restMs = 0
  let unknown = 0
  for (;;) {
    await pause(Math.max(restMs, waitMs * (1 + jitter * (2 * random() - 1))), signal)
    if (signal.aborted) return undefined
    const url = address()
    const { answer, record, retryAfterMs } = await ask(client, url, row.jobId!, signal)
    restMs = retryAfterMs
    if (signal.aborted) return undefined
    onAsked(!('reason' in answer), url)
    const { polls } = hear(progress, answer, elapsed())
    if (answer.kind === 'completed') {
      const { kind, ...result } = answer
      return { record, event: { kind, attempt, result, polls } }
    }
    if (answer.kind === 'failed') return { record, event: { ...answer, attempt, polls } }
    if (answer.kind === 'cancelled') return { record, event: { ...answer, polls } }
    unknown = answer.kind === 'not-here' || answer.kind === 'not-found' ? unknown + 1 : 0
    if (unknown >= unknownUntilLost || answer.kind === 'gone') {
      return { record, event: { kind: 'lost', attempt, message: forgottenMessage, polls } }
    }
    if (sinceSentMs() >= limitMs) {
      return { record, event: { kind: 'lost', attempt, message: tooLongMessage(limitMs, progress.problem), polls } }
    }
    waitMs = Math.min(longestPollMs, waitMs * growth)
  }
}

async function ask(client: Pick<AgentClient, 'askJob'>, url: string, jobId: string, signal: AbortSignal) {
  let record: ExchangeRecord | undefined
  const onRecord = (made: ExchangeRecord) => {
    record = made
  }
  try {
    const asked = await client.askJob(url, jobId, { deadlineMs: answerTimeoutMs, signal, onRecord })
    const { retryAfterMs = 0, ...answer } = asked
    return { answer, record, retryAfterMs }
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error
    return { answer: { kind: 'unclear', reason: error.reason } as JobAnswer, record, retryAfterMs: 0 }
  }
}

function hear(progress: JobProgress, answer: JobAnswer, now: number): JobProgress {
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
