import type { RunOverview } from '../../orchestrator/overview/overview.ts'
import { hourMs } from '../../shared/time/durations.ts'
import { formatNumber, formatRate } from '../format/numbers.ts'
import { presentRunBars } from '../format/plot/run-bars.ts'
import { dayWord } from '../format/plot/when.ts'
import { hasProgress, presentSoFar } from '../format/progress.ts'
import { presentMeaning, presentRun } from '../format/run.ts'
import { formatDuration, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'

const plotHeight = 140
/** Where there are errors, the list stands beside what is low. */
const fewLatest = 5

/** Undefined where no run started. */
export function presentLastDay({ lastDay, errors }: RunOverview, times: Times) {
  const { hours, runs, p50, p95 } = lastDay
  if (runs === 0) return undefined
  const bars = hours.map(({ from, to, byStatus, query }) => ({
    from,
    when: `${dayWord(from, times)}, ${times.clock(from)}–${times.clock(to)}`,
    byStatus,
    path: paths.runs(query),
  }))
  return {
    runs: formatNumber(runs),
    path: paths.runs(lastDay.query),
    failed: errors.runs === 0 ? '' : `${formatNumber(errors.runs)} failed · ${formatRate(errors.runs / runs)}`,
    failedPath: paths.runs(errors.query),
    durations: p50 === undefined ? '' : `p50 ${formatDuration(p50)} · p95 ${formatDuration(p95)}`,
    ...presentRunBars(bars, { id: 'run-hours', step: hourMs, height: plotHeight, times }),
  }
}

export function presentRunning({ running }: RunOverview, times: Times) {
  return {
    count: formatNumber(running.runs),
    path: paths.runs(running.query),
    list: running.newest.map((run) => ({
      ...presentRun(run, times),
      progress: hasProgress(run) ? presentSoFar(run.startedAt, times.now, run.usual) : undefined,
    })),
  }
}

export function presentLatest({ latest, errors }: RunOverview, times: Times) {
  const shown = errors.runs > 0 ? latest.slice(0, fewLatest) : latest
  return shown.map((run) => ({
    ...presentRun(run, times),
    meaning: presentMeaning(run),
    isQuiet: run.status === 'completed' || run.status === 'cancelled',
  }))
}
