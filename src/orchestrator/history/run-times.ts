import { dayMs, hourMs, minuteMs, weekMs } from '../../shared/time/durations.ts'
import { startOfWeek } from '../../shared/time/weeks.ts'
import type { Zone } from '../../shared/time/zone.ts'

const backMs = { hour: hourMs, day: dayMs, week: weekMs, month: 30 * dayMs }

/** `day` is the last 24 hours, `today` began at midnight, `this-week` on Monday. */
export const runTimes = ['hour', 'day', 'week', 'month', 'today', 'yesterday', 'this-week'] as const
export type RunTime = (typeof runTimes)[number]

export function rangeOfTime(
  time: RunTime,
  now: number,
  zone: Pick<Zone, 'startOfDay' | 'local'>,
): { from: number; to?: number } {
  switch (time) {
    case 'today':
      return { from: zone.startOfDay(now) }
    case 'yesterday':
      return { from: zone.startOfDay(now, -1), to: zone.startOfDay(now) }
    case 'this-week':
      return { from: startOfWeek(now, zone) }
    default:
      return { from: Math.floor((now - backMs[time]) / minuteMs) * minuteMs }
  }
}
