import { dayMs, hourMs } from '../../shared/time/durations.ts'
import type { DownIncident, Rollup } from '../../store/ports/health.ts'
import type { Agent } from '../registry/agent.ts'
import { type Belief, unknownSince } from './belief.ts'
import type { LastAnswer } from './last-answer.ts'
import { createDayCount, type DayCount } from './records/day-count.ts'
import { createLastHour, type LastHour, slotMs } from './records/last-hour.ts'
import type { HealthRecorder } from './records/recorder.ts'
import type { Check } from './shown.ts'

export type Watch = {
  agent: Agent
  belief: Belief
  checks: Check[]
  lastHour: LastHour
  dayCount: DayCount
  endpoint: string | undefined
  lastAnswer: LastAnswer | undefined
  retryAfterMs: number
  /** By `elapsed`; Infinity while no check is planned. */
  dueAt: number
  /** Since when a due check waits for a slot, by `elapsed`; Infinity while none does. */
  waitingSince: number
  cancel: () => void
  runningCheck: Promise<void> | undefined
  isExpired: boolean
  /** There may be checks in the record that are not counted here, or the other way round. */
  isBehind: boolean
}

export type Past = Pick<Watch, 'checks' | 'lastHour' | 'dayCount'> & {
  incident?: DownIncident | undefined
  /** When it was last up, as far as that is known. */
  goodAt?: number | undefined
}

export const maxShownChecks = 30

export async function recordedPast(recorder: Pick<HealthRecorder, 'past'>, id: string, now: number): Promise<Past> {
  const { checks, slots, hours, incident } = await recorder.past(id, {
    maxChecks: maxShownChecks,
    slotMs,
    slotsFrom: now - hourMs,
    hoursFrom: now - dayMs,
  })
  return {
    checks,
    lastHour: createLastHour(slots),
    dayCount: createDayCount(hours),
    incident,
    goodAt: goodAtOf(hours, incident),
  }
}

export function newWatch(
  agent: Agent,
  { checks, lastHour, dayCount, incident, goodAt }: Past = noPast(),
  now: number,
): Watch {
  const belief = { ...unknownSince(now), lastGoodAt: goodAt, degradedSince: lastHour.degradedSince(now) }
  return {
    agent,
    belief: incident ? { ...belief, verdict: 'down', since: incident.startedAt, reason: incident.reason } : belief,
    checks,
    lastHour,
    dayCount,
    endpoint: undefined,
    lastAnswer: undefined,
    retryAfterMs: 0,
    dueAt: Number.POSITIVE_INFINITY,
    waitingSince: Number.POSITIVE_INFINITY,
    cancel: () => {},
    runningCheck: undefined,
    isExpired: false,
    isBehind: false,
  }
}

function noPast(): Past {
  return { checks: [], lastHour: createLastHour([]), dayCount: createDayCount([]) }
}

/** Within the last hour in which a check was good: before it went down. */
function goodAtOf(hours: Rollup[], incident: DownIncident | undefined): number | undefined {
  const last = hours.findLast(({ up }) => up > 0)
  return last && incident && Math.min(last.at + hourMs, incident.startedAt)
}
