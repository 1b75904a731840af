import type { AgentClient, HealthPath } from '../agent/client.ts'
import { AgentFailure } from '../agent/failure.ts'
import type { Clock } from '../clock.ts'
import type { Agent } from './registry.ts'

/**
 * What the last check of an agent found. `reason` is a phrase; `since` is when the state began, `seenAt` when the
 * agent last gave a good answer. `checking` is an agent whose first check has not ended.
 */
export type Health = {
  state: 'checking' | 'healthy' | 'degraded' | 'unhealthy' | 'unreachable'
  reason: string | undefined
  since: number
  seenAt: number | undefined
}

type Finding = Pick<Health, 'state' | 'reason'>

export type HealthMonitor = ReturnType<typeof createHealthMonitor>

/**
 * Checks every agent once an interval, in the background: pages only read what is known. All agents of a round are
 * asked at once, each with a deadline of its own, so that none waits for another.
 */
export function createHealthMonitor(deps: {
  client: Pick<AgentClient, 'checkHealth'>
  clock: Clock
  agents: () => Agent[]
  agent: (id: string) => Agent | undefined
  intervalMs: number
  timeoutMs: number
  onError: (error: unknown) => void
}) {
  const { client, clock, agents, agent: find, intervalMs, timeoutMs, onError } = deps
  const known = new Map<string, Health>()
  const paths = new Map<string, HealthPath>()
  const inFlight = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  let cancelNext = () => {}
  let revision = 0
  let checkedAt: number | undefined

  async function examine(url: string, deadlineMs: number): Promise<Finding> {
    try {
      const answer = await client.checkHealth(url, paths.get(url) ?? '/health', deadlineMs, stopping.signal)
      paths.set(url, answer.path)
      return { state: answer.verdict, reason: answer.reason }
    } catch (error) {
      if (error instanceof AgentFailure) return { state: 'unreachable', reason: error.reason }
      throw error
    }
  }

  function note(id: string, { state, reason }: Finding): void {
    const now = clock.now()
    const before = known.get(id)
    const isAlive = state === 'healthy' || state === 'degraded'
    known.set(id, {
      state,
      reason,
      since: before?.state === state ? before.since : now,
      seenAt: isAlive ? now : before?.seenAt,
    })
    revision++
  }

  async function checkOne({ id, url }: Agent): Promise<void> {
    const finding = await examine(url, timeoutMs)
    // By then the database is closed too.
    if (stopping.signal.aborted) return
    const isStillThere = find(id)?.url === url
    if (isStillThere) note(id, finding)
  }

  /** One check at a time of an agent: who asks meanwhile gets the one in flight. */
  function check(agent: Agent): Promise<void> {
    const key = `${agent.id}\n${agent.url}`
    const running = inFlight.get(key)
    if (running) return running
    const started = checkOne(agent).finally(() => inFlight.delete(key))
    inFlight.set(key, started)
    return started
  }

  function round(): void {
    cancelNext = clock.after(intervalMs, round)
    try {
      const current = agents()
      const ids = new Set(current.map(({ id }) => id))
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id)
      for (const agent of current) check(agent).catch(onError)
    } catch (error) {
      // The database could not be read. That says nothing about any agent; the next round tries again.
      onError(error)
      return
    }
    checkedAt = clock.now()
    revision++
  }

  return {
    start: round,

    stop(): void {
      cancelNext()
      stopping.abort()
    },

    /** Asks an agent that may not be registered yet. Throws AgentFailure when it cannot be reached. */
    async ask(url: string, deadlineMs: number) {
      const answer = await client.checkHealth(url, '/health', deadlineMs, stopping.signal)
      paths.set(url, answer.path)
      return answer
    },

    /** Takes in what a check outside the rounds has found. */
    note,

    forget(id: string): void {
      known.delete(id)
      revision++
    },

    of: (id: string): Health =>
      known.get(id) ?? { state: 'checking', reason: undefined, since: clock.now(), seenAt: undefined },

    /** Resolves when no agent is left whose first check has not ended. */
    async firstChecks(): Promise<void> {
      await Promise.allSettled(
        agents()
          .filter(({ id }) => !known.has(id))
          .map(check),
      )
    },

    /** When the last round began. */
    checkedAt: () => checkedAt,

    /** Moves whenever something that is shown may have changed. */
    revision: () => revision,
  }
}
