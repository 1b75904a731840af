import type { Clock } from '../../shared/time/clock.ts'
import type { EventStream } from '../events.ts'
import type { Agent } from '../registry/agent.ts'
import { type Beliefs, createBeliefs } from './beliefs.ts'
import { createOfflineGuess } from './offline-guess.ts'
import type { HealthRecorder } from './records/recorder.ts'
import { newWatch, type Past, type Watch } from './watch.ts'

export type Watches = {
  all(): Watch[]
  get(agentId: string): Watch | undefined
  has(watch: Watch): boolean
  begin(agent: Agent, past?: Past): Watch
  end(watch: Watch): void
  replace(watch: Watch, agent: Agent): void
  /** An agent expires without anything happening. */
  noteExpiries(): void
  beliefs: Beliefs
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
  const offline = createOfflineGuess(roundMs)
  let revision = 0
  const noteChange = () => {
    revision++
  }
  const watchCount = () => watches.size
  const beliefs = createBeliefs({ clock, recorder, events, offline, watchCount, onChange: noteChange })

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
      offline.forget(agent.id)
      if (belief.verdict === 'down') recorder.endIncidents(agent.id, clock.now())
      revision++
    },

    replace(watch, agent) {
      const { pausedAt } = watch.agent
      watch.agent = agent
      if (pausedAt !== agent.pausedAt) beliefs.forget(watch)
    },

    noteExpiries() {
      for (const watch of watches.values()) {
        const isNowExpired = isExpired(watch.agent)
        if (isNowExpired !== watch.isExpired) revision++
        watch.isExpired = isNowExpired
      }
    },

    beliefs,
    mayBeOffline: offline.isLikely,
    revision: () => revision,
    noteChange,
  }
}
