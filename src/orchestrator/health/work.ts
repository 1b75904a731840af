import type { JobAnswer, Protocol, ProtocolName } from '../../agent/protocol.ts'

/** So long after the last usable answer about a job silence is taken for work. */
const silenceMs = 3 * 60_000

type RunCalls = Pick<Protocol, 'run' | 'follow'>

/** At one URL: calls in flight, and when each job was last heard of. */
type Work = { calls: number; jobs: Map<string, number> }

/**
 * What agents are known to work on for us, by what goes through `protocols`. An agent that works may not answer its health
 * checks; that has an end. `elapsed` is a clock that does not jump.
 */
export function createAgentWork(protocols: Record<ProtocolName, RunCalls>, elapsed: () => number) {
  const works = new Map<string, Work>()

  function at(url: string): Work {
    const work = works.get(url) ?? { calls: 0, jobs: new Map() }
    works.set(url, work)
    return work
  }

  function clear(url: string): void {
    const work = works.get(url)
    if (!work) return
    for (const [jobId, heardAt] of work.jobs) if (elapsed() - heardAt >= silenceMs) work.jobs.delete(jobId)
    if (work.calls === 0 && work.jobs.size === 0) works.delete(url)
  }

  function hear(url: string, jobId: string, kind: JobAnswer['kind']): void {
    if (kind === 'working') at(url).jobs.set(jobId, elapsed())
    else if (kind !== 'unclear' && kind !== 'not-here' && kind !== 'not-found') at(url).jobs.delete(jobId)
  }

  const watched = (protocol: RunCalls): RunCalls => ({
    async run(target, run) {
      const { url } = target
      at(url).calls++
      try {
        const answer = await protocol.run(target, run)
        if (answer.kind === 'accepted') hear(url, answer.jobId, 'working')
        return answer
      } finally {
        at(url).calls--
        clear(url)
      }
    },

    async follow(target, jobId, ask) {
      const answer = await protocol.follow(target, jobId, ask)
      hear(target.url, jobId, answer.kind)
      clear(target.url)
      return answer
    },
  })

  return {
    protocols: { plain: watched(protocols.plain) } satisfies Record<ProtocolName, RunCalls>,

    /** Whether an agent may be kept from answering by a call in flight, or by a job that it was heard of lately. */
    isWorking(url: string): boolean {
      clear(url)
      return works.has(url)
    },
  }
}
