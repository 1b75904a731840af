import type { Clock } from '../../../shared/time/clock.ts'
import type { Agent } from '../../registry/agent.ts'
import { isInDoubt } from '../belief.ts'
import type { Watch } from '../watch.ts'
import type { Watches } from '../watches.ts'

/** After a start, and after a computer's sleep, checks spread over this time, at most a step apart. */
const spreadMs = 5000
const stepMs = 100
const recheckMs = 2000
const jitter = 0.1

export type CheckSchedule = {
  checkNow(watch: Watch): Promise<void>
  planNext(watch: Watch): void
  planSpread(watches: Watch[]): void
  /** At the latest. */
  bringForward(watch: Watch, ms: number): void
  /** An agent whose URL stays; checks again where its checks changed. */
  update(watch: Watch, agent: Agent): void
}

export function createCheckSchedule(deps: {
  clock: Pick<Clock, 'elapsed' | 'after'>
  random: () => number
  watches: Pick<Watches, 'has' | 'replace'>
  check: (watch: Watch) => Promise<void>
  intervalMs: number
  /** Whether checks are this dashboard's to make; asked as each comes due. */
  leads: () => boolean
  stopped: AbortSignal
  onError: (error: unknown) => void
}): CheckSchedule {
  const { clock, random, watches, check, intervalMs, leads, stopped, onError } = deps

  function start(watch: Watch): Promise<void> {
    watch.dueAt = Number.POSITIVE_INFINITY
    watch.runningCheck ??= check(watch)
      .catch(onError)
      .finally(() => {
        watch.runningCheck = undefined
        if (watches.has(watch)) planNext(watch)
      })
    return watch.runningCheck
  }

  function plan(watch: Watch, ms: number): void {
    watch.cancel()
    watch.dueAt = Number.POSITIVE_INFINITY
    if (stopped.aborted || watch.agent.pausedAt !== undefined) return
    watch.dueAt = clock.elapsed() + ms
    watch.cancel = clock.after(ms, () => {
      const hasSlept = clock.elapsed() - watch.dueAt > spreadMs
      if (!leads()) planNext(watch)
      else if (hasSlept) plan(watch, random() * spreadMs)
      else start(watch)
    })
  }

  function planNext(watch: Watch): void {
    const { checkIntervalSeconds: own } = watch.agent
    const jittered = (own === undefined ? intervalMs : own * 1000) * (1 + jitter * (2 * random() - 1))
    plan(watch, Math.max(watch.retryAfterMs, isInDoubt(watch.belief) ? Math.min(recheckMs, jittered) : jittered))
  }

  return {
    planNext,

    checkNow(watch) {
      watch.cancel()
      return start(watch)
    },

    planSpread(fresh) {
      const step = Math.min(stepMs, spreadMs / Math.max(1, fresh.length))
      fresh.forEach((watch, index) => {
        plan(watch, index * step)
      })
    },

    bringForward(watch, ms) {
      if (!watch.runningCheck && watch.dueAt > clock.elapsed() + ms) plan(watch, ms)
    },

    update(watch, agent) {
      const isCheckedAlike = checkSettingsOf(watch.agent) === checkSettingsOf(agent)
      watches.replace(watch, agent)
      if (isCheckedAlike) return
      watch.cancel()
      if (!watch.runningCheck) plan(watch, 0)
    },
  }
}

function checkSettingsOf({ pausedAt, checkIntervalSeconds, checkTimeoutSeconds }: Agent): string {
  return [pausedAt, checkIntervalSeconds, checkTimeoutSeconds].join()
}
