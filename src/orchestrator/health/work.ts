import type { AgentClient } from '../../agent/plain/client.ts'
import type { JobAnswer } from '../../agent/plain/messages.ts'

/** So long after the last usable answer about a job silence is taken for work. */
const silenceMs = 3 * 60_000

type RunCalls = Pick<AgentClient, 'run' | 'askJob'>

/** At one address: calls in flight, and when each job was last heard of. */
type Work = { calls: number; jobs: Map<string, number> }

/**
 * What agents are known to work on for us, by what goes through `client`. An agent that works may not answer its health
 * checks; that has an end. `elapsed` is a clock that does not jump.
 */
export function createAgentWork(client: RunCalls, elapsed: () => number) {
  const works = new Map<string, Work>()

  function at(address: string): Work {
    const work = works.get(address) ?? { calls: 0, jobs: new Map() }
    works.set(address, work)
    return work
  }

  function clear(address: string): void {
    const work = works.get(address)
    if (!work) return
    for (const [jobId, heardAt] of work.jobs) if (elapsed() - heardAt >= silenceMs) work.jobs.delete(jobId)
    if (work.calls === 0 && work.jobs.size === 0) works.delete(address)
  }

  function hear(address: string, jobId: string, kind: JobAnswer['kind']): void {
    if (kind === 'working') at(address).jobs.set(jobId, elapsed())
    else if (kind !== 'unclear' && kind !== 'not-here' && kind !== 'not-found') at(address).jobs.delete(jobId)
  }

  return {
    /** The client, watched. */
    client: {
      async run(address, run) {
        at(address).calls++
        try {
          const answer = await client.run(address, run)
          if (answer.kind === 'accepted') hear(address, answer.jobId, 'working')
          return answer
        } finally {
          at(address).calls--
          clear(address)
        }
      },

      async askJob(address, jobId, ask) {
        const answer = await client.askJob(address, jobId, ask)
        hear(address, jobId, answer.kind)
        clear(address)
        return answer
      },
    } satisfies RunCalls,

    /** Whether an agent may be kept from answering by a call in flight, or by a job that it was heard of lately. */
    isWorking(address: string): boolean {
      clear(address)
      return works.has(address)
    },
  }
}
