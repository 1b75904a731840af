import type { Clock } from '../../shared/time/clock.ts'
import type { Agent } from '../registry/agent.ts'
import type { CheckResult } from './checks/check.ts'
import type { CheckSchedule } from './checks/schedule.ts'
import type { HealthRecorder } from './records/recorder.ts'
import type { HealthSharing } from './sharing/sharing.ts'
import type { Watches } from './watches.ts'

/** The Python program's agents listen only after they have registered themselves. */
const startingMs = 2000

export type HealthSigns = {
  /** After it was saved; `found` is what a check before that found. */
  welcome(agent: Agent, found: CheckResult | undefined): void
  update(agent: Agent): void
  beat(agent: Agent): void
  /** It gave a good answer to something else than a check. */
  alive(agentId: string, url: string): void
  forget(agentId: string): void
}

export function createHealthSigns(deps: {
  clock: Pick<Clock, 'now'>
  watches: Watches
  schedule: CheckSchedule
  recorder: Pick<HealthRecorder, 'forget'>
  isExpired: (agent: Agent) => boolean
  alive: HealthSigns['alive']
  leads: () => boolean
  sharing: Pick<HealthSharing, 'askForChecks' | 'noteGood'> | undefined
  onError: (error: unknown) => void
}): HealthSigns {
  const { clock, watches, schedule, recorder, isExpired, leads, sharing, onError } = deps
  const { beliefs } = watches

  return {
    welcome(agent, found) {
      const known = watches.get(agent.id)
      const isSame = known?.agent.url === agent.url
      if (known && !isSame) watches.end(known)
      const watch = known && isSame ? known : watches.begin(agent, known)
      schedule.update(watch, agent)
      if (found && sharing && !leads()) {
        beliefs.presume(watch, found)
        // The other one notices by itself that an agent is new, or at another address.
        if (isSame) sharing.askForChecks([agent.id]).catch(onError)
      } else if (found) {
        beliefs.takeCheck(watch, found)
        schedule.planNext(watch)
      } else {
        schedule.bringForward(watch, agent.isSelfRegistered ? startingMs : 0)
      }
    },

    update(agent) {
      const watch = watches.get(agent.id)
      if (watch) schedule.update(watch, agent)
      watches.noteChange()
    },

    beat(agent) {
      const watch = watches.get(agent.id)
      if (!watch) return
      if (isExpired(watch.agent)) schedule.bringForward(watch, 0)
      schedule.update(watch, agent)
      watches.noteChange()
    },

    alive(agentId, url) {
      if (sharing && !leads()) sharing.noteGood(agentId, url)
      else deps.alive(agentId, url)
    },

    forget(agentId) {
      const watch = watches.get(agentId)
      if (watch) watches.end(watch)
      recorder.forget(agentId, clock.now())
    },
  }
}
