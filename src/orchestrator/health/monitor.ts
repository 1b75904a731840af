import type { OnRecord } from '../../agent/http/record.ts'
import type { HealthReport, Protocol, ProtocolName } from '../../agent/protocol.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { SharedHealth } from '../cluster/cluster.ts'
import type { EventStream } from '../events.ts'
import type { Agent } from '../registry/agent.ts'
import { type Callable, targetOf } from '../registry/target.ts'
import { createAcrossDashboards } from './across-dashboards.ts'
import { createChecker } from './checks/checker.ts'
import { type Lateness, latenessOf } from './checks/lateness.ts'
import { createCheckSchedule } from './checks/schedule.ts'
import type { LastAnswer } from './last-answer.ts'
import { createProofOfLife } from './proof-of-life.ts'
import type { HealthRecorder } from './records/recorder.ts'
import { createHealthSharing } from './sharing/sharing.ts'
import { type Health, shownHealth } from './shown.ts'
import { createHealthSigns, type HealthSigns } from './signs.ts'
import { createWatchSync, type WatchedAgents } from './sync.ts'
import { newWatch } from './watch.ts'
import { createWatches, type Watches } from './watches.ts'

export type HealthMonitor = HealthSigns &
  Pick<Watches, 'mayBeOffline' | 'checkedAt' | 'revision'> & {
    /** Resolves when all agents are known. */
    start(): Promise<void>
    stop(): void
    /** Also an agent that is not registered. Throws AgentFailure. */
    ask(agent: Callable, deadlineMs: number, onRecord?: OnRecord): Promise<HealthReport>
    of(agent: Agent): Health
    answerOf(agentId: string): Promise<LastAnswer | undefined>
    /** Resolves when it is known to all that are asked from then on. A running check counts. */
    checkNow(agentId: string): Promise<void>
    checkAll(agentIds?: string[]): Promise<void>
    /** Resolves when what another dashboard has told of health is known. */
    caughtUp(): Promise<void>
    lateness(): Lateness
  }

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
    shared?: SharedHealth | undefined
    events: EventStream
  },
): HealthMonitor {
  const { protocols, clock, runsOn, isWorking, isExpired, intervalMs, timeoutMs, shared, events } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'health checks' })
  const stopping = new AbortController()
  const { signal } = stopping
  const leads = () => shared?.leads() ?? true
  const watches = createWatches({ ...deps, roundMs: intervalMs + timeoutMs })
  /** Also for other dashboards. */
  const isAtWork = ({ id, url }: Agent) => isWorking(url) || (shared?.worksElsewhere(id) ?? false)
  const checkOne = createChecker({ ...deps, watches, isWorking: isAtWork, signal })
  const schedule = createCheckSchedule({ ...deps, watches, check: checkOne, leads, stopped: signal, onError })
  const sync = createWatchSync({ ...deps, watches, schedule, leads, stopped: signal, onError })
  const { checkNow } = schedule
  const alive = createProofOfLife(watches, schedule)
  const sharing = shared && createHealthSharing({ ...deps, shared, watches, checkNow, alive, onError })
  // Others are not to show what is over.
  events.on('agent-state-changed', () => leads() && void sharing?.share())

  const { check, answerOf } = createAcrossDashboards({ watches, sharing, leads, checkNow })

  return {
    ...createHealthSigns({ ...deps, watches, schedule, alive, leads, sharing, onError }),
    async start() {
      await sync.start()
      sharing?.start()
    },

    stop() {
      stopping.abort()
      sync.stop()
      sharing?.stop()
      for (const { cancel } of watches.all()) cancel()
    },

    ask: (agent, deadlineMs, onRecord) =>
      protocols[agent.protocol].checkHealth(targetOf(agent), { deadlineMs, signal, onRecord }),

    of(agent) {
      const now = clock.now()
      const watch = watches.get(agent.id) ?? newWatch(agent, undefined, now)
      const work = { runs: runsOn(agent.id), isWorking: isAtWork(agent) }
      return shownHealth(
        agent,
        { ...watch, ...work, isExpired: isExpired(agent) },
        { now, elapsed: clock.elapsed(), intervalMs },
      )
    },

    answerOf,
    checkNow: (agentId) => check([agentId]),

    checkAll: (agentIds) =>
      check(agentIds ?? watches.all().flatMap(({ agent }) => (agent.pausedAt === undefined ? agent.id : []))),

    async caughtUp() {
      await Promise.all([sync.caughtUp(), sharing?.caughtUp()])
    },

    checkedAt: watches.checkedAt,
    lateness: () => latenessOf(watches.all(), clock.elapsed(), intervalMs),
    mayBeOffline: watches.mayBeOffline,
    revision: watches.revision,
  }
}
