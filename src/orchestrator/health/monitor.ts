import type { OnRecord } from '../../agent/http/record.ts'
import type { Protocol, ProtocolName } from '../../agent/protocol.ts'
import type { Clock } from '../../shared/clock.ts'
import { createSlots } from '../../shared/slots.ts'
import { createBackgroundLoop } from '../background.ts'
import type { EventStream } from '../events.ts'
import type { Agent } from '../registry/agent.ts'
import { type Callable, targetOf } from '../registry/target.ts'
import { isInDoubt, unknownSince } from './belief.ts'
import { type CheckFinding, checkAgent } from './check.ts'
import { createDayCount } from './day-count.ts'
import type { LastAnswer } from './last-answer.ts'
import type { HealthRecorder } from './recorder.ts'
import { type Health, shownHealth } from './shown.ts'
import { createWatches, type Watch } from './watches.ts'

const syncMs = 1000
/** After a start, and after a computer's sleep, checks begin spread over this time, and no further apart than a step. */
const spreadMs = 5000
const stepMs = 100
const recheckMs = 2000
/** An agent registers itself as it starts: those of the Python program listen only after that. */
const startingMs = 2000
const jitter = 0.1
const mostAtOnce = 32
/** Of those, so many for agents that did not answer the last time: they must not take all the places. */
const mostInDoubt = 24

export type HealthMonitor = ReturnType<typeof createHealthMonitor>

/**
 * Checks every agent once an interval, in the background, each in its own time: pages only read what is known. The
 * rules of the states are in health-state.ts.
 */
export function createHealthMonitor(deps: {
  protocols: Record<ProtocolName, Pick<Protocol, 'checkHealth'>>
  clock: Clock
  /** 0 to 1. */
  random: () => number
  /** Has `agents` know what another program has changed. */
  refreshAgents: () => Promise<void>
  agents: () => Agent[]
  /** Moves when `agents` gives others, or others in part. */
  version: () => number
  /** How many runs of ours an agent works on. */
  runsOn: (agentId: string) => number
  /** Whether what is at an address may be kept from answering by work for us. */
  isWorking: (address: string) => boolean
  /** Whether an agent that registered itself has stopped beating. */
  isExpired: (agent: Agent) => boolean
  recorder: HealthRecorder
  intervalMs: number
  timeoutMs: number
  events: EventStream
}) {
  const {
    protocols,
    clock,
    random,
    refreshAgents,
    agents,
    version,
    runsOn,
    isWorking,
    isExpired,
    recorder,
    intervalMs,
    timeoutMs,
    events,
  } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'health checks' })
  const watches = createWatches({ clock, recorder, events, isExpired, roundMs: intervalMs + timeoutMs })
  const slots = createSlots(mostInDoubt, mostAtOnce)
  const stopping = new AbortController()
  let knownVersion: number | undefined

  const intervalOf = ({ checkIntervalSeconds: own }: Agent) => (own === undefined ? intervalMs : own * 1000)
  const timeoutOf = ({ checkTimeoutSeconds: own }: Agent) => (own === undefined ? timeoutMs : own * 1000)

  async function checkOne(watch: Watch): Promise<void> {
    const { signal } = stopping
    // Those that answer have a key each, so that only the number of all limits them.
    const key = watch.belief.failures > 0 ? 'in doubt' : `well ${watch.agent.id}`
    const slot = await slots.take(key, watch.agent.id, signal)
    if (!slot) return
    try {
      if (!watches.has(watch)) return
      const { agent, endpoint } = watch
      const ask = {
        target: targetOf(agent),
        endpoint,
        timeoutMs: timeoutOf(agent),
        signal,
        elapsed: clock.elapsed,
        isWorking: () => isWorking(agent.url),
      }
      const finding = await checkAgent(protocols[agent.protocol], ask)
      // By then the database may be closed, or the agent gone, or another one under that id.
      if (!signal.aborted && watches.has(watch)) watches.takeCheck(watch, finding)
    } finally {
      slot.release()
    }
  }

  /** One check at a time of an agent: who asks meanwhile gets the one in flight. */
  function check(watch: Watch): Promise<void> {
    watch.dueAt = Number.POSITIVE_INFINITY
    watch.running ??= checkOne(watch)
      .catch(onError)
      .finally(() => {
        watch.running = undefined
        if (watches.has(watch)) scheduleNext(watch)
      })
    return watch.running
  }

  function schedule(watch: Watch, ms: number): void {
    watch.cancel()
    watch.dueAt = Number.POSITIVE_INFINITY
    if (stopping.signal.aborted || watch.agent.pausedAt !== undefined) return
    watch.dueAt = clock.elapsed() + ms
    watch.cancel = clock.after(ms, () => {
      // The computer slept: one check each, and again not all at once.
      if (clock.elapsed() - watch.dueAt > spreadMs) schedule(watch, random() * spreadMs)
      else check(watch)
    })
  }

  /** Has the next check come in `ms` at the latest. One that is planned earlier, or in flight, stays as it is. */
  function bringForward(watch: Watch, ms: number): void {
    if (!watch.running && watch.dueAt > clock.elapsed() + ms) schedule(watch, ms)
  }

  function scheduleNext(watch: Watch): void {
    const jittered = intervalOf(watch.agent) * (1 + jitter * (2 * random() - 1))
    schedule(watch, Math.max(watch.restMs, isInDoubt(watch.belief) ? Math.min(recheckMs, jittered) : jittered))
  }

  /** Takes over what was changed of an agent that stays where it is: its beat, its pause, how it is checked. */
  function update(watch: Watch, agent: Agent): void {
    const isCheckedAlike = checkedLike(watch.agent) === checkedLike(agent)
    watches.replace(watch, agent)
    if (isCheckedAlike) return
    watch.cancel()
    if (!watch.running) schedule(watch, 0)
  }

  async function takeUpChanges(): Promise<void> {
    const unknown = agents().filter(({ id }) => !watches.get(id))
    const recorded = await Promise.all(unknown.map(async ({ id }) => [id, await watches.recordedPast(id)] as const))
    if (stopping.signal.aborted) return
    const pasts = new Map(recorded)
    const current = agents()
    const ids = new Set(current.map(({ id }) => id))
    for (const watch of watches.all()) if (!ids.has(watch.agent.id)) watches.end(watch)
    const fresh: Watch[] = []
    for (const agent of current) {
      const watch = watches.get(agent.id)
      if (watch?.agent.url === agent.url) {
        update(watch, agent)
        continue
      }
      if (watch) watches.end(watch)
      const past = watch ?? pasts.get(agent.id)
      // One that was added while the others were read has its turn the next time.
      if (past) fresh.push(watches.begin(agent, past))
    }
    const step = Math.min(stepMs, spreadMs / Math.max(1, fresh.length))
    fresh.forEach((watch, index) => {
      schedule(watch, index * step)
    })
    const now = version()
    if (now !== knownVersion) watches.changed()
    knownVersion = now
  }

  const firstLook = Promise.withResolvers<void>()
  /** Where the store cannot be read, that says nothing about any agent; the next time may go well. */
  const sync = createBackgroundLoop({
    clock,
    async step() {
      try {
        await refreshAgents()
        if (!stopping.signal.aborted) await takeUpChanges()
        watches.noteExpiries()
        return { restMs: syncMs }
      } finally {
        firstLook.resolve()
      }
    },
    onError,
    pace: { busyMs: syncMs, retryMs: syncMs },
  })

  function checkNow(agentId: string): Promise<void> {
    const watch = watches.get(agentId)
    if (!watch) return Promise.resolve()
    watch.cancel()
    return check(watch)
  }

  return {
    /** Begins to check, and to look for agents that others add, change or remove. Resolves when all are known. */
    start(): Promise<void> {
      sync.start()
      return firstLook.promise
    },

    stop(): void {
      stopping.abort()
      void sync.stop()
      for (const { cancel } of watches.all()) cancel()
    },

    /** Asks an agent that may not be registered yet. Throws AgentFailure when it cannot be reached. */
    ask: (agent: Callable, deadlineMs: number, onRecord?: OnRecord) =>
      protocols[agent.protocol].checkHealth(targetOf(agent), { deadlineMs, signal: stopping.signal, onRecord }),

    /** Begins to watch an agent that was just saved, with what a check before that found, if there was one. */
    welcome(agent: Agent, found: CheckFinding | undefined): void {
      const known = watches.get(agent.id)
      const isSame = known?.agent.url === agent.url
      if (known && !isSame) watches.end(known)
      const watch = known && isSame ? known : watches.begin(agent, known)
      update(watch, agent)
      if (found) {
        watches.takeCheck(watch, found)
        scheduleNext(watch)
      } else {
        bringForward(watch, agent.isSelfRegistered ? startingMs : 0)
      }
    },

    /** Takes over what was changed of an agent. */
    update(agent: Agent): void {
      const watch = watches.get(agent.id)
      if (watch) update(watch, agent)
      watches.changed()
    },

    /** An agent beats: that keeps it from expiring, and is no answer to a check. */
    beat(agent: Agent): void {
      const watch = watches.get(agent.id)
      if (!watch) return
      if (isExpired(watch.agent)) bringForward(watch, 0)
      update(watch, agent)
      watches.changed()
    },

    /** An agent at `url` gave a good answer to something else than a check: it lives. */
    alive(agentId: string, url: string): void {
      const watch = watches.get(agentId)
      if (watch?.agent.url !== url) return
      const { verdict, reason, reportsBusy } = watch.belief
      const outcome = verdict === 'degraded' ? 'degraded' : 'up'
      watches.take(watch, { outcome, ...((verdict === 'degraded' || reportsBusy) && { reason, reportsBusy }) })
      if (isInDoubt(watch.belief) && !watch.running) scheduleNext(watch)
    },

    forget(agentId: string): void {
      const watch = watches.get(agentId)
      if (watch) watches.end(watch)
      recorder.forget(agentId, clock.now())
    },

    of(agent: Agent): Health {
      const now = clock.now()
      const watch = watches.get(agent.id) ?? { belief: unknownSince(now), checks: [], day: createDayCount([]) }
      const work = { runs: runsOn(agent.id), isWorking: isWorking(agent.url) }
      const known = { ...watch, ...work, isExpired: isExpired(agent) }
      return shownHealth(agent, known, { now, elapsed: clock.elapsed() })
    },

    /** What came back at the last check since the program started. */
    answerOf: (agentId: string): LastAnswer | undefined => watches.get(agentId)?.answer,

    /** Resolves when the agent has been checked: by the check in flight, where there is one. */
    checkNow,

    /** The same for all that are not paused. */
    async checkAll(): Promise<void> {
      const all = watches.all().filter(({ agent }) => agent.pausedAt === undefined)
      await Promise.all(all.map(({ agent }) => checkNow(agent.id)))
    },

    /** When the last check ended. */
    checkedAt: watches.checkedAt,

    /** Whether so many agents failed at once that this machine may be offline. */
    mayBeOffline: watches.mayBeOffline,

    /** Moves whenever something that is shown may have changed. */
    revision: watches.revision,
  }
}

/** What has to stay the same for a planned check to stay as it is. */
function checkedLike({ pausedAt, checkIntervalSeconds, checkTimeoutSeconds }: Agent): string {
  return [pausedAt, checkIntervalSeconds, checkTimeoutSeconds].join()
}
