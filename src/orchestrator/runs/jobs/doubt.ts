import type { FailureKind } from '../../../agent/http/failure.ts'
import type { JobAnswer } from '../../../agent/protocol.ts'

/** With several worker processes, the next one may know the job. */
const notHereMs = 60_000
/** A proxy may be reloading, or ask for a login. */
const uselessMs = 10 * 60_000
const minAnswers = 3

const forgottenMessage =
  'The agent accepted the run, but no longer knows its job. It was probably restarted, and the result is lost.'

export type JobReply = JobAnswer | { kind: 'no-answer'; failure: FailureKind; reason: string }

type Series = { since: number; answers: number } | undefined

/** Other failures are answers that cannot be used. */
const silences = new Set<FailureKind>(['refused', 'name', 'unreachable', 'timeout', 'reset', 'cancelled'])

/** An agent that is silent may come back; one that answers, and never knows the job, has lost it. */
export function createJobDoubt(elapsed: () => number) {
  let notHere: Series
  let useless: Series

  const longer = (series: Series): Series => ({
    since: series?.since ?? elapsed(),
    answers: (series?.answers ?? 0) + 1,
  })
  const isOver = (series: Series, ms: number): boolean =>
    series !== undefined && series.answers >= minAnswers && elapsed() - series.since >= ms

  return {
    lostReason(reply: JobReply): string | undefined {
      if (reply.kind === 'gone') return `The agent accepted the run, but has deleted its job: ${reply.reason}.`
      if (reply.kind === 'no-answer' && silences.has(reply.failure)) return undefined
      const isNotHere = reply.kind === 'not-here'
      notHere = isNotHere ? longer(notHere) : undefined
      // A server in error (5xx) may be repaired, however long that takes.
      if (reply.kind === 'unclear') return undefined
      if (!('reason' in reply)) {
        useless = undefined
        return undefined
      }
      useless = longer(useless)
      if (isOver(notHere, notHereMs)) return forgottenMessage
      if (!isOver(useless, uselessMs)) return undefined
      return isNotHere ? forgottenMessage : uselessMessage(reply)
    },

    isUrgent: (): boolean => notHere !== undefined && elapsed() - notHere.since < notHereMs,
  }
}

function uselessMessage({ kind, reason }: JobReply & { reason: string }): string {
  const why = kind === 'credential' ? `it ${reason}` : reason
  return `For 10 minutes the agent gave no usable answer about this run's job: ${why}. The agent may have finished.`
}
