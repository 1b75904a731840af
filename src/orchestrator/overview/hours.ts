import { hourMs } from '../../shared/time/durations.ts'
import type { OverviewFacts } from '../../store/ports/overview.ts'
import type { RunBar, TimeRange } from '../../store/ports/run-figures.ts'

export function hourBars({ from, to }: TimeRange, hours: OverviewFacts['hours']): RunBar[] {
  return Array.from({ length: (to - from) / hourMs }, (_, index) => {
    const start = from + index * hourMs
    const byStatus = hours.find(({ at }) => at === start)?.byStatus ?? new Map<string, number>()
    return { from: start, to: start + hourMs, runs: runsIn(byStatus), byStatus }
  })
}

const runsIn = (byStatus: Map<string, number>): number => [...byStatus.values()].reduce((all, runs) => all + runs, 0)
