import type { Clock } from '../../shared/time/clock.ts'
import { minuteMs } from '../../shared/time/durations.ts'
import type { EventStream } from '../events.ts'
import { type Belief, believe, type Sign, unknownSince } from './belief.ts'
import type { CheckResult } from './checks/check.ts'
import { lastAnswerOf } from './last-answer.ts'
import type { HealthRecorder } from './records/recorder.ts'
import type { Check } from './shown.ts'
import { maxShownChecks, type Watch } from './watch.ts'

export type Beliefs = {
  take(watch: Watch, sign: Sign): void
  takeCheck(watch: Watch, sign: CheckResult): void
  forget(watch: Watch): void
  /** Until the dashboard that checks agents tells of its own check. */
  presume(watch: Watch, sign: Sign): void
  /** What another dashboard found, which has told and recorded it. */
  hear(watch: Watch, belief: Belief, checks: Check[]): void
  count(watch: Watch, check: Check): void
}

export function createBeliefs(deps: {
  clock: Pick<Clock, 'now' | 'elapsed'>
  recorder: HealthRecorder
  events: EventStream
  onChange: () => void
}): Beliefs {
  const { recorder, events, onChange } = deps
  const { now, elapsed } = deps.clock

  function setBelief(watch: Watch, after: Belief): void {
    const { belief: before, agent } = watch
    watch.belief = after
    onChange()
    if (after.verdict === before.verdict) return
    if (before.verdict === 'down') recorder.endIncidents(agent.id, now())
    if (after.verdict === 'down') recorder.beginIncident(agent.id, after.since, after.reason ?? 'no good answer')
    const { verdict: to, reason } = after
    events.emit('agent-state-changed', { agentId: agent.id, from: before.verdict, to, reason })
  }

  function addCheck(watch: Watch, check: Check): void {
    const { at, outcome, latencyMs } = check
    watch.checks = [...watch.checks.slice(1 - maxShownChecks), check]
    watch.lastHour.add(at, outcome)
    if (outcome !== 'busy') watch.dayCount.add(at, outcome !== 'down', latencyMs)
  }

  /** Also where another dashboard made the last one, whose clock is a little ahead: others ask for what came after it. */
  function timeAfter(last: number): number {
    const at = now()
    return at <= last && last - at < minuteMs ? last + 1 : at
  }

  const take = (watch: Watch, sign: Sign) => setBelief(watch, believe(watch.belief, sign, now(), elapsed()))

  return {
    take,

    takeCheck(watch, { latencyMs, endpoint, record, retryAfterMs = 0, ...sign }) {
      const { outcome, reason } = sign
      const check = { at: timeAfter(watch.checks.at(-1)?.at ?? 0), outcome, latencyMs, reason: reason ?? null }
      watch.endpoint = endpoint
      watch.retryAfterMs = retryAfterMs
      watch.lastAnswer = record && lastAnswerOf(record, check.at)
      addCheck(watch, check)
      recorder.add({ agentId: watch.agent.id, ...check })
      events.emit('agent-checked', { agentId: watch.agent.id, outcome, latencyMs })
      take(watch, sign)
    },

    presume(watch, sign) {
      watch.belief = believe(watch.belief, sign, now(), elapsed())
      onChange()
    },

    forget: (watch) => setBelief(watch, unknownSince(now())),

    hear(watch, belief, checks) {
      watch.belief = belief
      for (const { at, outcome, latencyMs, reason } of checks) addCheck(watch, { at, outcome, latencyMs, reason })
      onChange()
    },

    count: addCheck,
  }
}
