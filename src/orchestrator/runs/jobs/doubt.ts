import type { FailureKind } from '../../../agent/http/failure.ts'
import type { JobAnswer } from '../../../agent/protocol.ts'

/** An agent says that it does not know the job. With several worker processes the next one may. */
const notHereMs = 60_000
/** Nothing but answers that say nothing of the job: a proxy reloading, a login in between. */
const uselessMs = 10 * 60_000
/** However rarely an agent wants to be asked. */
const minAnswers = 3

const forgottenMessage =
  'The agent accepted the run, but no longer knows its job. It was probably restarted, and the result is lost.'

/** What came of a question for a job: an answer, or none, and why. */
export type JobReply = JobAnswer | { kind: 'no-answer'; failure: FailureKind; reason: string }

type Series = { since: number; answers: number } | undefined

/** Failures of the network: nobody has answered. All others are answers that cannot be used. */
const silences = new Set<FailureKind>(['refused', 'name', 'unreachable', 'timeout', 'reset', 'cancelled'])

/**
 * Whether a job is worth asking for any longer, though the agent does not say how it goes. An agent that is silent may
 * come back; one that answers, and knows nothing of the job, has lost it.
 */
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
    /** Takes in what came of a question: gives why the run is lost, or undefined while it is worth asking again. */
    hear(reply: JobReply): string | undefined {
      if (reply.kind === 'gone') return `The agent accepted the run, but has deleted its job: ${reply.reason}.`
      if (reply.kind === 'no-answer' && silences.has(reply.failure)) return undefined
      const isNotHere = reply.kind === 'not-here'
      notHere = isNotHere ? longer(notHere) : undefined
      // A server that is out of order (5xx) may be put in order, however long that takes.
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

    /** Whether to ask every second, as another process of the agent may know the job. */
    isUrgent: (): boolean => notHere !== undefined && elapsed() - notHere.since < notHereMs,
  }
}

function uselessMessage({ kind, reason }: JobReply & { reason: string }): string {
  const why = kind === 'credential' ? `${reason}. A credential is needed to ask for it` : reason
  return `For 10 minutes the agent did not say how the job of this run is: ${why}. The agent may have finished.`
}
