import type { JobAnswer, Protocol, ProtocolName } from '../../agent/protocol.ts'

/** After the last usable answer about a job, silence counts as work this long. */
const maxSilenceMs = 3 * 60_000

type RunCalls = Pick<Protocol, 'run' | 'follow'>

type Work = { calls: number; jobsHeardAt: Map<string, number> }

export type AgentWork = {
  protocols: Record<ProtocolName, RunCalls>
  /** A call is in flight, or a job was heard of lately. */
  isWorking(url: string): boolean
}

export function createAgentWork(protocols: Record<ProtocolName, RunCalls>, elapsed: () => number): AgentWork {
  const works = new Map<string, Work>()

  function at(url: string): Work {
    const work = works.get(url) ?? { calls: 0, jobsHeardAt: new Map() }
    works.set(url, work)
    return work
  }

  function clear(url: string): void {
    const work = works.get(url)
    if (!work) return
    for (const [jobId, heardAt] of work.jobsHeardAt)
      if (elapsed() - heardAt >= maxSilenceMs) work.jobsHeardAt.delete(jobId)
    if (work.calls === 0 && work.jobsHeardAt.size === 0) works.delete(url)
  }

  function hear(url: string, jobId: string, kind: JobAnswer['kind']): void {
    if (kind === 'working') at(url).jobsHeardAt.set(jobId, elapsed())
    else if (kind !== 'unclear' && kind !== 'not-here' && kind !== 'not-found') at(url).jobsHeardAt.delete(jobId)
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
    protocols: { plain: watched(protocols.plain) },

    isWorking(url) {
      clear(url)
      return works.has(url)
    },
  }
}
