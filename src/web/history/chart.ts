import type { RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunFigures } from '../../orchestrator/history/list.ts'
import { dayMs, minuteMs } from '../../shared/durations.ts'
import { plural } from '../../shared/plural.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { formatCost, formatNumber } from '../format/numbers.ts'
import { presentStatus } from '../format/run.ts'
import { formatDuration, type Times } from '../format/times.ts'
import { presentCount } from './count.ts'
import type { RunLinks } from './links.ts'

type Bar = RunFigures['bars'][number]

/** From the bottom up; unknown statuses on top. */
const order = ['completed', 'running', 'pending', 'cancelled', 'lost', 'failed']
const height = 56
const minHeight = 2.5
const gap = 1

export async function presentRunChart(figures: RunFigures, query: RunQuery, links: RunLinks, times: Times) {
  const { time, bars } = figures
  const texts = presentFigures(figures)
  if (!time || figures.runs === 0) return { bars: [], height, figures: texts, from: '', to: '', statuses: [], note: '' }
  // d3 is loaded by the first page that needs it.
  const { scaleBand, scaleLinear } = await import('d3-scale')
  const x = scaleBand(
    bars.map((_, index) => index),
    [0, 100],
  ).padding(0.2)
  const maxRuns = Math.max(...bars.map(({ runs }) => runs))
  const y = scaleLinear([0, maxRuns], [0, height])
  const isOpen = query.filter.to === undefined
  const statuses = [...new Set(bars.flatMap(({ byStatus }) => [...byStatus.keys()]))].sort(upwards)
  return {
    height,
    figures: texts,
    bars: bars.map((bar, index) => {
      const isLast = index === bars.length - 1
      const range = formatRange(bar, time.step, isLast && isOpen, times)
      return {
        id: `bar-${bar.from}`,
        x: percent(x(index)!),
        width: percent(x.bandwidth()),
        hitX: percent((index * 100) / bars.length),
        hitWidth: percent(100 / bars.length),
        path:
          bar.runs === 0 || bars.length === 1
            ? ''
            : links.filtered({ from: bar.from, to: isLast && isOpen ? undefined : bar.to }, ['time', 'from', 'to']),
        range,
        runs: formatNumber(bar.runs),
        title: `${range}: ${runsText(bar)}`,
        parts: presentParts(bar, y(bar.runs)),
        counts: statuses.map((status) => formatNumber(bar.byStatus.get(status) ?? 0)),
      }
    }),
    statuses: statuses.map((status) => presentStatus(status).word),
    from: momentText(time.from, time.step, times),
    to: isOpen && time.to >= times.now - minuteMs ? 'now' : momentText(time.to, time.step, times),
    note: [sampleText(figures), outsideText(figures, times)].filter(Boolean).join(' '),
  }
}

function presentParts({ runs, byStatus }: Bar, whole: number) {
  const parts = [...byStatus].sort(([a], [b]) => upwards(a, b))
  const free = Math.max(0, whole - minHeight * parts.length - gap * (parts.length - 1))
  let top = height
  return parts.map(([status, count]) => {
    const partHeight = minHeight + (free * count) / runs
    top -= partHeight
    const part = { tone: toneOf(status), y: round(top), height: round(partHeight) }
    top -= gap
    return part
  })
}

const toneOf = (status: string) => (status === 'pending' ? 'working' : presentStatus(status).tone)

function presentFigures({ byStatus, tokens, cost, p50, p95, total }: RunFigures) {
  const ended = [...byStatus].reduce((sum, [status, count]) => sum + (hasEnded(status) ? count : 0), 0)
  return [
    { value: presentCount(total) || '…', label: total.runs === 1 && total.isExact ? 'run' : 'runs', isAfter: true },
    { value: formatDuration(p50), label: 'p50', title: 'Half of the runs ended within this time' },
    { value: formatDuration(p95), label: 'p95', title: '95 of 100 runs ended within this time' },
    {
      value: ended === 0 ? '–' : share((byStatus.get('failed') ?? 0) / ended),
      label: 'failed',
      title: 'Of the runs that have ended',
      isAfter: true,
    },
    ...(tokens > 0
      ? [{ value: shortNumber(tokens), label: 'tokens', title: formatNumber(tokens), isAfter: true }]
      : []),
    ...(cost > 0 ? [{ value: formatCost(cost), label: '' }] : []),
  ].map((figure) => ({ title: '', isAfter: false, ...figure }))
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

/** `0%`, `0.02%`, `3.4%`, `100%`. */
function share(part: number): string {
  const percents = part * 100
  if (percents === 0 || percents === 100) return `${percents}%`
  return percents < 0.1 ? `${percents.toPrecision(1)}%` : `${Math.min(99.9, percents).toFixed(1)}%`
}

function shortNumber(value: number): string {
  return value < 10_000
    ? formatNumber(value)
    : new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 }).format(value)
}

function runsText({ runs, byStatus }: Bar): string {
  const all = plural(runs, 'run')
  const parts = [...byStatus].sort(([a], [b]) => upwards(a, b))
  if (parts.length === 1) return `${all}, ${parts[0]![0]}`
  return parts.length === 0
    ? all
    : `${all}: ${parts.map(([status, count]) => `${formatNumber(count)} ${status}`).join(', ')}`
}

/** `Sat 21 Nov, 16:00–17:00`. */
function formatRange({ from, to }: Bar, step: number, isUntilNow: boolean, times: Times): string {
  if (step >= dayMs) {
    const last = to - 1
    return step === dayMs || times.zone.startOfDay(from) === times.zone.startOfDay(last)
      ? times.weekday(from)
      : `${times.weekday(from)} – ${isUntilNow ? 'now' : times.weekday(last)}`
  }
  return `${times.weekday(from)}, ${clockText(from, step, times)}–${isUntilNow ? 'now' : clockText(to, step, times)}`
}

function momentText(at: number, step: number, times: Times): string {
  if (step >= dayMs) return times.weekday(at)
  return `${times.weekday(at)}, ${clockText(at, step, times)}`
}

const clockText = (at: number, step: number, times: Times) =>
  step < minuteMs ? times.clockSeconds(at) : times.clock(at)

function upwards(a: string, b: string): number {
  const position = (status: string) => (order.includes(status) ? order.indexOf(status) : order.length)
  return position(a) - position(b)
}

const round = (value: number) => Number(value.toFixed(2))
const percent = (value: number) => `${round(value)}%`
