import type { Clock } from '../../shared/time/clock.ts'
import { createBackgroundLoop } from '../background.ts'
import type { Agent } from '../registry/agent.ts'
import type { CheckSchedule } from './checks/schedule.ts'
import type { HealthRecorder } from './records/recorder.ts'
import { type Past, recordedPast, type Watch } from './watch.ts'
import type { Watches } from './watches.ts'

const syncMs = 1000

export type WatchedAgents = {
  refreshAgents: () => Promise<void>
  agents: () => Agent[]
  /** Moves when `agents` may give others. */
  version: () => number
}

export type WatchSync = {
  start(): Promise<void>
  stop(): void
  caughtUp(): Promise<void>
}

export function createWatchSync(
  deps: WatchedAgents & {
    clock: Clock
    watches: Watches
    schedule: CheckSchedule
    recorder: Pick<HealthRecorder, 'past'>
    leads: () => boolean
    stopped: AbortSignal
    onError: (error: unknown) => void
  },
): WatchSync {
  const { refreshAgents, agents, version, clock, watches, schedule, recorder, leads, stopped, onError } = deps
  let knownVersion: number | undefined

  /** Agents added while pasts were read are left to the next round. */
  function takeOver(current: Agent[], pasts: Map<string, Past>): void {
    const ids = new Set(current.map(({ id }) => id))
    for (const watch of watches.all()) if (!ids.has(watch.agent.id)) watches.end(watch)
    const fresh: Watch[] = []
    for (const agent of current) {
      const [watch, read] = [watches.get(agent.id), pasts.get(agent.id)]
      if (watch?.isBehind && read) watches.catchUp(watch, read, leads())
      if (watch?.agent.url === agent.url) {
        schedule.update(watch, agent)
        continue
      }
      if (watch) watches.end(watch)
      if (watch ?? read) fresh.push(watches.begin(agent, watch ?? read))
    }
    schedule.planSpread(fresh)
    const now = version()
    if (now !== knownVersion) watches.noteChange()
    knownVersion = now
  }

  async function readPasts(): Promise<Map<string, Past>> {
    const unread = agents().filter(({ id }) => watches.get(id)?.isBehind ?? true)
    const read = unread.map(async ({ id }) => [id, await recordedPast(recorder, id, clock.now())] as const)
    return new Map(await Promise.all(read))
  }

  let behind: PromiseWithResolvers<void> | undefined
  const firstRound = Promise.withResolvers<void>()
  const loop = createBackgroundLoop({
    clock,
    async step() {
      try {
        await refreshAgents()
        if (!stopped.aborted) {
          const pasts = await readPasts()
          if (!stopped.aborted) takeOver(agents(), pasts)
        }
        watches.noteExpiries()
        return { restMs: syncMs }
      } finally {
        firstRound.resolve()
        const ended = behind
        behind = undefined
        ended?.resolve()
      }
    },
    onError,
    pace: { busyMs: syncMs, retryMs: syncMs },
  })

  return {
    start() {
      loop.start()
      return firstRound.promise
    },
    stop: () => void loop.stop(),
    async caughtUp() {
      if (version() === knownVersion || knownVersion === undefined || loop.isStopped()) return
      behind ??= Promise.withResolvers()
      loop.wake()
      await behind.promise
    },
  }
}
