import type { OnRecord } from '../../agent/http/record.ts'
import type { HealthReport, Protocol, ProtocolName } from '../../agent/protocol.ts'
import type { Clock } from '../../shared/clock.ts'
import type { EventStream } from '../events.ts'
import type { Agent } from '../registry/agent.ts'
import { type Callable, targetOf } from '../registry/target.ts'
import { createChecker } from './checker.ts'
import type { LastAnswer } from './last-answer.ts'
import { type Lateness, latenessOf } from './lateness.ts'
import type { HealthRecorder } from './recorder.ts'
import { createCheckSchedule } from './schedule.ts'
import { type Health, shownHealth } from './shown.ts'
import { createHealthSigns, type HealthSigns } from './signs.ts'
import { createWatchSync, type WatchedAgents } from './sync.ts'
import { newWatch } from './watch.ts'
import { createWatches, type Watches } from './watches.ts'

export type HealthMonitor = HealthSigns &
  Pick<Watches, 'mayBeOffline' | 'revision'> & {
    /** Resolves when all agents are known. */
    start(): Promise<void>
    stop(): void
    /** Also an agent that is not registered. Throws AgentFailure. */
    ask(agent: Callable, deadlineMs: number, onRecord?: OnRecord): Promise<HealthReport>
    of(agent: Agent): Health
    answerOf(agentId: string): LastAnswer | undefined
    /** A running check counts. */
    checkNow(agentId: string): Promise<void>
    checkAll(): Promise<void>
    checkedAt(): number | undefined
    lateness(): Lateness
  }

/** Checks every agent in the background: pages only read what is known. */
export function createHealthMonitor(
  deps: WatchedAgents & {
    protocols: Record<ProtocolName, Pick<Protocol, 'checkHealth'>>
    clock: Clock
    random: () => number
    runsOn: (agentId: string) => number
    /** Work for us may keep it from answering. */
    isWorking: (url: string) => boolean
    isExpired: (agent: Agent) => boolean
    recorder: HealthRecorder
    intervalMs: number
    timeoutMs: number
    events: EventStream
  },
): HealthMonitor {
  const { protocols, clock, runsOn, isWorking, isExpired, intervalMs, timeoutMs, events } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'health checks' })
  const stopping = new AbortController()
  const { signal } = stopping
  const watches = createWatches({ ...deps, roundMs: intervalMs + timeoutMs })
  const check = createChecker({ ...deps, watches, signal })
  const schedule = createCheckSchedule({ ...deps, watches, check, stopped: signal, onError })
  const sync = createWatchSync({ ...deps, watches, schedule, stopped: signal, onError })

  async function checkNow(agentId: string): Promise<void> {
    const watch = watches.get(agentId)
    if (watch) await schedule.checkNow(watch)
  }

  return {
    ...createHealthSigns({ ...deps, watches, schedule }),
    start: sync.start,

    stop() {
      stopping.abort()
      sync.stop()
      for (const { cancel } of watches.all()) cancel()
    },

    ask: (agent, deadlineMs, onRecord) =>
      protocols[agent.protocol].checkHealth(targetOf(agent), { deadlineMs, signal, onRecord }),

    of(agent) {
      const now = clock.now()
      const watch = watches.get(agent.id) ?? newWatch(agent, undefined, now)
      const work = { runs: runsOn(agent.id), isWorking: isWorking(agent.url) }
      return shownHealth(
        agent,
        { ...watch, ...work, isExpired: isExpired(agent) },
        { now, elapsed: clock.elapsed(), intervalMs },
      )
    },

    answerOf: (agentId) => watches.get(agentId)?.lastAnswer,
    checkNow,

    async checkAll() {
      const all = watches.all().filter(({ agent }) => agent.pausedAt === undefined)
      await Promise.all(all.map(({ agent }) => checkNow(agent.id)))
    },

    checkedAt: watches.beliefs.checkedAt,
    lateness: () => latenessOf(watches.all(), clock.elapsed(), intervalMs),
    mayBeOffline: watches.mayBeOffline,
    revision: watches.revision,
  }
}
