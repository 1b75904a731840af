import type { Clock } from '../../shared/clock.ts'
import { dayMs } from '../../shared/durations.ts'
import type { DownIncident } from '../../store/ports/health.ts'
import type { EventStream } from '../events.ts'
import type { Agent } from '../registry/agent.ts'
import { type Belief, believe, type Finding, unknownSince } from './belief.ts'
import type { CheckFinding } from './check.ts'
import { createDayCount } from './day-count.ts'
import { type LastAnswer, lastAnswerOf } from './last-answer.ts'
import { createOfflineGuess } from './offline-guess.ts'
import type { HealthRecorder } from './recorder.ts'
import type { Check } from './shown.ts'

/** An agent that is watched, with all that is known of its health, and when it is checked next. */
export type Watch = {
  agent: Agent
  belief: Belief
  checks: Check[]
  day: ReturnType<typeof createDayCount>
  /** Where its last answer to a check was found. */
  endpoint: string | undefined
  /** What came back at the last check of this process. */
  answer: LastAnswer | undefined
  /** For how long it asked at the last check to be left alone. */
  restMs: number
  /** When the next check is planned, on the clock that does not jump; Infinity while none is. */
  dueAt: number
  cancel: () => void
  running: Promise<void> | undefined
  isExpired: boolean
}

/** What was known of an agent before it is watched. */
export type Past = Pick<Watch, 'checks' | 'day'> & { incident?: DownIncident | undefined }

const shownChecks = 30

/** All that is known of the health of agents: it takes in what was found, and never asks. */
export function createWatches(deps: {
  clock: Pick<Clock, 'now' | 'elapsed'>
  recorder: HealthRecorder
  events: EventStream
  isExpired: (agent: Agent) => boolean
  roundMs: number
}) {
  const { recorder, events, isExpired, roundMs } = deps
  const { now, elapsed } = deps.clock
  const watches = new Map<string, Watch>()
  const offline = createOfflineGuess(roundMs)
  let revision = 0
  let checkedAt: number | undefined

  function setBelief(watch: Watch, after: Belief): void {
    const { belief: before, agent } = watch
    watch.belief = after
    revision++
    offline.note(agent.id, after, elapsed(), watches.size)
    if (after.verdict === before.verdict) return
    if (before.verdict === 'down') recorder.endIncidents(agent.id, now())
    if (after.verdict === 'down') recorder.beginIncident(agent.id, after.since, after.reason ?? 'no good answer')
    const { verdict: to, reason } = after
    events.emit('agent-state-changed', { agentId: agent.id, from: before.verdict, to, reason })
  }

  const take = (watch: Watch, finding: Finding) => setBelief(watch, believe(watch.belief, finding, now(), elapsed()))

  return {
    all: (): Watch[] => [...watches.values()],
    get: (agentId: string): Watch | undefined => watches.get(agentId),
    has: (watch: Watch): boolean => watches.get(watch.agent.id) === watch,

    /** What is on record of an agent. */
    async recordedPast(id: string): Promise<Past> {
      const { checks, hours, incident } = await recorder.past(id, shownChecks, now() - dayMs)
      return { checks, day: createDayCount(hours), incident }
    },

    /** Begins to watch an agent: anew, with what is on record of it, or with the past that it had elsewhere. */
    begin(agent: Agent, { checks, day, incident }: Past = { checks: [], day: createDayCount([]) }): Watch {
      const belief = unknownSince(now())
      const watch: Watch = {
        agent,
        belief: incident ? { ...belief, verdict: 'down', since: incident.startedAt, reason: incident.reason } : belief,
        checks,
        day,
        endpoint: undefined,
        answer: undefined,
        restMs: 0,
        dueAt: Number.POSITIVE_INFINITY,
        cancel: () => {},
        running: undefined,
        isExpired: false,
      }
      watches.set(agent.id, watch)
      revision++
      return watch
    },

    end(watch: Watch): void {
      const { agent, belief } = watch
      watch.cancel()
      watches.delete(agent.id)
      offline.forget(agent.id)
      if (belief.verdict === 'down') recorder.endIncidents(agent.id, now())
      revision++
    },

    /** Takes in a sign of an agent's health that is no check. */
    take,

    takeCheck(watch: Watch, { latencyMs, endpoint, record, retryAfterMs = 0, ...finding }: CheckFinding): void {
      const { outcome, reason } = finding
      const check = { at: now(), outcome, latencyMs, reason: reason ?? null }
      watch.endpoint = endpoint
      watch.restMs = retryAfterMs
      watch.answer = record && lastAnswerOf(record, check.at)
      watch.checks = [...watch.checks.slice(1 - shownChecks), check]
      if (outcome !== 'busy') watch.day.add(check.at, outcome !== 'down')
      recorder.add({ agentId: watch.agent.id, ...check })
      checkedAt = check.at
      take(watch, finding)
    },

    /** Takes over what was changed of an agent that stays where it is. What was believed before a pause is not kept. */
    replace(watch: Watch, agent: Agent): void {
      const before = watch.agent
      watch.agent = agent
      if (before.pausedAt !== agent.pausedAt) setBelief(watch, unknownSince(now()))
    },

    /** An agent expires without anything happening. */
    noteExpiries(): void {
      for (const watch of watches.values()) {
        const isNow = isExpired(watch.agent)
        if (isNow !== watch.isExpired) revision++
        watch.isExpired = isNow
      }
    },

    mayBeOffline: offline.isLikely,
    checkedAt: () => checkedAt,
    revision: () => revision,
    changed(): void {
      revision++
    },
  }
}
