import { minuteMs } from '../../../shared/time/durations.ts'
import { daysSinceMonday } from '../../../shared/time/weeks.ts'
import type { Zone } from '../../../shared/time/zone.ts'
import type { TimeRange } from '../../../store/ports/run-figures.ts'

/** Weeks begin on Monday. */
export type Week = {
  days: TimeRange[]
  today: number
  lastWeek: TimeRange[]
  /** Last week, to the moment of the week that it is now. */
  lastWeekSoFar: TimeRange
}

const daysInWeek = 7

export function weekAt(now: number, zone: Pick<Zone, 'local' | 'startOfDay'>): Week {
  const today = daysSinceMonday(now, zone)
  const startOf = (day: number) => zone.startOfDay(now, day - today)
  const daysFrom = (first: number) =>
    Array.from({ length: daysInWeek }, (_, index) => ({ from: startOf(first + index), to: startOf(first + index + 1) }))
  const sinceMidnight = Math.floor((now - startOf(today)) / minuteMs) * minuteMs
  return {
    days: daysFrom(0),
    today,
    lastWeek: daysFrom(-daysInWeek),
    lastWeekSoFar: { from: startOf(-daysInWeek), to: startOf(today - daysInWeek) + sinceMidnight },
  }
}
