import { isInDoubt } from './belief.ts'
import type { CheckSchedule } from './checks/schedule.ts'
import type { Watches } from './watches.ts'

/** A good answer to something else than a check counts like a good check, but only from where the agent is. */
export function createProofOfLife(watches: Pick<Watches, 'get' | 'beliefs'>, schedule: CheckSchedule) {
  return (agentId: string, url: string): void => {
    const watch = watches.get(agentId)
    if (watch?.agent.url !== url) return
    const { verdict, reason, reportsBusy } = watch.belief
    const outcome = verdict === 'degraded' ? 'degraded' : 'up'
    watches.beliefs.take(watch, { outcome, ...((verdict === 'degraded' || reportsBusy) && { reason, reportsBusy }) })
    if (isInDoubt(watch.belief) && !watch.runningCheck) schedule.planNext(watch)
  }
}
