import type { Clock } from '../../shared/time/clock.ts'
import type { EventStream } from '../events.ts'
import type { Agent } from '../registry/agent.ts'
import { type Beliefs, createBeliefs } from './beliefs.ts'
import { mayBeOffline } from './offline-guess.ts'
import type { HealthRecorder } from './records/recorder.ts'
import { newWatch, type Past, type Watch } from './watch.ts'

export type Watches = {
  all(): Watch[]
  get(agentId: string): Watch | undefined
  has(watch: Watch): boolean
  begin(agent: Agent, past?: Past): Watch
  end(watch: Watch): void
  replace(watch: Watch, agent: Agent): void
  /** Takes the record in anew; `keepsOwn`: with the checks made here that are not in it yet. */
  catchUp(watch: Watch, past: Past, keepsOwn: boolean): void
  /** An agent expires without anything happening. */
  noteExpiries(): void
  beliefs: Beliefs
  checkedAt(): number | undefined
  mayBeOffline(): boolean
  /** Moves whenever something that is shown may have changed. */
  revision(): number
  noteChange(): void
}

export function createWatches(deps: {
  clock: Pick<Clock, 'now' | 'elapsed'>
  recorder: HealthRecorder
  events: EventStream
  isExpired: (agent: Agent) => boolean
  roundMs: number
}): Watches {
  const { clock, recorder, events, isExpired, roundMs } = deps
  const watches = new Map<string, Watch>()
  let revision = 0
  const noteChange = () => {
    revision++
  }
  const beliefs = createBeliefs({ clock, recorder, events, onChange: noteChange })

  return {
    all: () => [...watches.values()],
    get: (agentId) => watches.get(agentId),
    has: (watch) => watches.get(watch.agent.id) === watch,

    begin(agent, past) {
      const watch = newWatch(agent, past, clock.now())
      watches.set(agent.id, watch)
      revision++
      return watch
    },

    end(watch) {
      const { agent, belief } = watch
      watch.cancel()
      watches.delete(agent.id)
      if (belief.verdict === 'down') recorder.endIncidents(agent.id, clock.now())
      revision++
    },

    replace(watch, agent) {
      const { pausedAt } = watch.agent
      watch.agent = agent
      if (pausedAt !== agent.pausedAt) beliefs.forget(watch)
    },

    catchUp(watch, { checks, lastHour, dayCount }, keepsOwn) {
      const last = checks.at(-1)?.at ?? 0
      const own = keepsOwn ? watch.checks.filter(({ at }) => at > last) : []
      Object.assign(watch, { checks, lastHour, dayCount, isBehind: false })
      for (const check of own) beliefs.count(watch, check)
      revision++
    },

    noteExpiries() {
      for (const watch of watches.values()) {
        const isNowExpired = isExpired(watch.agent)
        if (isNowExpired !== watch.isExpired) revision++
        watch.isExpired = isNowExpired
      }
    },

    beliefs,
    checkedAt() {
      let last = 0
      for (const { checks } of watches.values()) last = Math.max(last, checks.at(-1)?.at ?? 0)
      return last || undefined
    },
    mayBeOffline: () => {
      const beliefs = [...watches.values()].map(({ belief }) => belief)
      return mayBeOffline(beliefs, roundMs)
    },
    revision: () => revision,
    noteChange,
  }
}
