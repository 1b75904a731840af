import { dayMs, minuteMs } from '../../shared/durations.ts'
import type { TimeRange } from '../../store/ports/run-figures.ts'

/** As much of a time zone as it takes to know its days. */
export type ZoneDays = {
  /** What the wall clock shows, as if that were UTC. */
  local(at: number): number
  /** The start of the day of `at`, or of one some days later or earlier. */
  startOfDay(at: number, daysLater?: number): number
}

/** Weeks begin on Monday. */
export type Week = {
  days: TimeRange[]
  /** The index of today. */
  today: number
  lastWeek: TimeRange[]
  /** Last week, to the moment of the week that it is now. */
  lastWeekSoFar: TimeRange
}

const daysInWeek = 7
/** 1 January 1970 was a Thursday. */
const daysAfterMonday = 3

export function weekAt(now: number, zone: ZoneDays): Week {
  const today = (Math.floor(zone.local(now) / dayMs) + daysAfterMonday) % daysInWeek
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
