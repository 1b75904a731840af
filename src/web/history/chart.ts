import type { RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunFigures } from '../../orchestrator/history/list.ts'
import { plural } from '../../shared/plural.ts'
import { dayMs } from '../../shared/time/durations.ts'
import { formatCost, formatNumber } from '../format/numbers.ts'
import { presentRunBars } from '../format/plot/run-bars.ts'
import { clockWord, dayWord } from '../format/plot/when.ts'
import { isoTime, type Times } from '../format/times.ts'
import { presentRunFigures } from './figures.ts'
import { isAnyFiltered } from './filters.ts'
import type { RunLinks } from './links.ts'

type Bar = RunFigures['bars'][number]

const height = 96

/** The chart of a list, and the figures above it. `isAbove`: the list is below it, and follows. */
export function presentRunChart(
  figures: RunFigures,
  { query, links, isAbove, times }: { query: RunQuery; links: RunLinks; isAbove: boolean; times: Times },
) {
  const { time, bars, runs } = figures
  const note = [sampleText(figures), outsideText(figures, times)].filter(Boolean).join(' ')
  const shown = { id: 'runs-plot', figures: presentRunFigures(figures), note }
  if (!time || runs === 0) return { ...shown, plot: undefined, table: undefined, none: noneText(query) }
  const isOpen = query.filter.to === undefined
  const charted = bars.map((bar, index) => {
    const isLast = index === bars.length - 1
    const { from, to, cost, byStatus } = bar
    const narrowed = { from, to: isLast && isOpen ? undefined : to }
    return {
      from,
      byStatus,
      when: whenOf(bar, time.step, isLast && isOpen, times),
      path: bar.runs === 0 || bars.length === 1 ? '' : links.filtered(narrowed, ['time', 'from', 'to']),
      cost: cost > 0 ? formatCost(cost) : '',
    }
  })
  const { plot, table } = presentRunBars(charted, { id: shown.id, step: time.step, height, isSwapped: isAbove, times })
  return { ...shown, plot, table }
}

function noneText({ filter }: RunQuery): string {
  const hasTime = filter.from !== undefined || filter.to !== undefined
  const isMatched = isAnyFiltered({ ...filter, from: undefined, to: undefined })
  return `No ${isMatched ? 'matching ' : ''}runs${hasTime ? ' in this time' : ''}`
}

export function runChartAsJson({ time, bars, runs, byStatus, tokens, cost, p50, p95 }: RunFigures) {
  return {
    runs,
    by_status: Object.fromEntries(byStatus),
    total_tokens: tokens,
    total_cost_usd: cost,
    p50_seconds: p50 ?? null,
    p95_seconds: p95 ?? null,
    from: isoTime(time?.from),
    to: isoTime(time?.to),
    bars: bars.map((bar) => ({
      from: isoTime(bar.from),
      to: isoTime(bar.to),
      runs: bar.runs,
      by_status: Object.fromEntries(bar.byStatus),
      total_cost_usd: bar.cost,
    })),
  }
}

function sampleText({ sample }: RunFigures): string {
  if (!sample) return ''
  const newest = `the newest ${formatNumber(sample.runs)} runs only`
  return sample.of === 'all' ? `The chart and its figures cover ${newest}.` : `p50 and p95 cover ${newest}.`
}

function outsideText({ outside: { earlier, later }, time }: RunFigures, times: Times): string {
  const runs = (count: number) => plural(count, 'run')
  const parts = [
    ...(earlier > 0 && time ? [`${runs(earlier)} before ${momentText(time.from, time.step, times)}`] : []),
    ...(later > 0 ? [`${runs(later)} dated in the future`] : []),
  ]
  return parts.length === 0 ? '' : `Not in the chart: ${parts.join(', ')}.`
}

/** `Today, 16:00–17:00`, `Sat 21 Nov`. */
function whenOf({ from, to }: Bar, step: number, isUntilNow: boolean, times: Times): string {
  const last = isUntilNow ? 'now' : step >= dayMs ? dayWord(to - 1, times) : clockWord(to, step, times)
  if (step < dayMs) return `${dayWord(from, times)}, ${clockWord(from, step, times)}–${last}`
  const isOneDay = times.zone.startOfDay(from) === times.zone.startOfDay(to - 1)
  return step === dayMs || isOneDay ? dayWord(from, times) : `${dayWord(from, times)} – ${last}`
}

function momentText(at: number, step: number, times: Times): string {
  return step >= dayMs ? times.weekday(at) : `${times.weekday(at)}, ${clockWord(at, step, times)}`
}
