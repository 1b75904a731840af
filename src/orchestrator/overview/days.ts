import { dayMs, hourMs } from '../../shared/durations.ts'
import type { Zone } from '../../shared/zone.ts'
import type { OverviewFacts, RangeSums } from '../../store/ports/overview.ts'
import type { RunBar, TimeRange } from '../../store/ports/run-figures.ts'

const hoursShown = 24
const daysCompared = 7

export type DayFigures = { runs: number; tokens: number | null; cost: number | null }
export type DailyMean = DayFigures & { days: number }

/** `day` ends with the current hour; `today` begins at midnight, where `before` ends. */
export function rangesAt(now: number, zone: Zone): Record<'day' | 'week' | 'today' | 'before', TimeRange> {
  const end = startOfHour(now) + hourMs
  const midnight = zone.startOfDay(now)
  return {
    day: { from: end - hoursShown * hourMs, to: end },
    week: { from: end - 7 * dayMs, to: end },
    today: { from: midnight, to: zone.startOfDay(now, 1) },
    before: { from: zone.startOfDay(now, -daysCompared), to: midnight },
  }
}

export function hourBars({ from, to }: TimeRange, hours: OverviewFacts['hours']): RunBar[] {
  return Array.from({ length: (to - from) / hourMs }, (_, index) => {
    const start = from + index * hourMs
    const byStatus = hours.find(({ at }) => at === start)?.byStatus ?? new Map<string, number>()
    return { from: start, to: start + hourMs, runs: sum(byStatus), byStatus }
  })
}

export function figuresOf({ byStatus, tokens, cost }: RangeSums): DayFigures {
  return { runs: sum(byStatus), tokens, cost }
}

/** Since the first run; undefined without an earlier day. */
export function dailyMeanOf({ before, firstHour }: OverviewFacts, now: number, zone: Zone): DailyMean | undefined {
  const daysAgo = Math.round((zone.startOfDay(now) - zone.startOfDay(firstHour ?? now)) / dayMs)
  const days = Math.min(daysCompared, daysAgo)
  return days > 0 ? { ...mean(figuresOf(before), days), days } : undefined
}

export function startOfHour(at: number): number {
  return floorTo(at, hourMs)
}

const sum = (byStatus: Map<string, number>): number => [...byStatus.values()].reduce((all, runs) => all + runs, 0)

const floorTo = (at: number, step: number) => Math.floor(at / step) * step

function mean({ runs, tokens, cost }: DayFigures, days: number): DayFigures {
  return { runs: runs / days, tokens: tokens === null ? null : tokens / days, cost: cost === null ? null : cost / days }
}
