import { AgentFailure } from '../../../src/agent/http/failure.ts'
import type { JobAnswer, Protocol, RunAnswer } from '../../../src/agent/protocol.ts'

/** A question to an agent that waits for the test to answer it. */
export type OpenCall = {
  runId: string
  kind: 'run' | 'job'
  /** An agent's answer that is on its way already arrives, though the dashboard has given the call up. */
  isDeaf: boolean
  isGivenUp: boolean
  answer: (how: string) => void
}

export const runEndings = ['completed', 'failed', 'job', 'unsent', 'reset', 'timeout'] as const
export const jobAnswers = ['working', 'completed', 'failed', 'not-here', 'unclear', 'reset'] as const

const result = { outputs: '{"result":"text"}', totalTokens: 12, totalCostUsd: null }
const jobIdOf = (runId: string) => `job-of-${runId}`

const runAnswers: Record<string, (runId: string) => RunAnswer> = {
  completed: () => ({ kind: 'completed', ...result }),
  failed: () => ({ kind: 'failed', message: 'The agent says: no', fields: [] }),
  job: (runId) => ({ kind: 'accepted', jobId: jobIdOf(runId) }),
}
const answersToJob: Record<string, JobAnswer> = {
  working: { kind: 'working', word: 'thinking' },
  completed: { kind: 'completed', ...result },
  failed: { kind: 'failed', message: 'The agent says: no' },
  'not-here': { kind: 'not-here', reason: 'HTTP 404' },
  unclear: { kind: 'unclear', reason: 'HTTP 502' },
}
const failures: Record<string, AgentFailure> = {
  unsent: new AgentFailure('refused', 'connection refused', true),
  reset: new AgentFailure('reset', 'connection closed without a response'),
  timeout: new AgentFailure('timeout', 'no answer within 120 s'),
  cancelled: new AgentFailure('cancelled', 'request aborted'),
}

/** What the dashboard says to agents, answered by the test, call by call and in any order. */
export function createFakeProtocol(
  onPost: (runId: string, inputs: string, address: string) => void,
  onPoll: (runId: string, address: string) => void,
) {
  const open = new Set<OpenCall>()

  function ask<Answer>(
    kind: OpenCall['kind'],
    runId: string,
    signal: AbortSignal,
    answerOf: (how: string) => Answer | undefined,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const call: OpenCall = {
        runId,
        kind,
        isDeaf: false,
        isGivenUp: false,
        answer(how) {
          open.delete(call)
          const answer = answerOf(how)
          if (answer === undefined) reject(failures[how])
          else resolve(answer)
        },
      }
      open.add(call)
      const giveUp = () => {
        call.isGivenUp = true
        if (!call.isDeaf) call.answer('cancelled')
      }
      if (signal.aborted) giveUp()
      else signal.addEventListener('abort', giveUp)
    })
  }

  const protocol: Pick<Protocol, 'run' | 'follow'> = {
    run({ url }, { id, inputs, signal }) {
      if (!signal!.aborted) onPost(id, inputs, url)
      return ask('run', id, signal!, (how) => runAnswers[how]?.(id))
    },
    follow({ url }, jobId, { signal }) {
      const runId = jobId.slice(jobIdOf('').length)
      onPoll(runId, url)
      return ask('job', runId, signal!, (how) => answersToJob[how])
    },
  }
  return { protocol, open: () => [...open] }
}
