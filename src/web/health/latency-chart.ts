import type { Downtime } from '../../orchestrator/health/records/incidents.ts'
import type { Latency, LatencyPoint } from '../../orchestrator/health/records/latency.ts'
import { dayMs } from '../../shared/time/durations.ts'
import { utc } from '../../shared/time/zone.ts'
import { formatShare, unknown } from '../format/numbers.ts'
import { levelsUpTo } from '../format/plot/levels.ts'
import { momentsWithin } from '../format/plot/moments.ts'
import { type Plot, type PlotTable, roomFor, round } from '../format/plot/plot.ts'
import { dayWord } from '../format/plot/when.ts'
import { createTimes, formatAge, formatLatency, type Times } from '../format/times.ts'
import { presentDowns } from './latency-downs.ts'

const width = 1000
const height = 150

/** In ms: faster answers do not fill the chart. */
const minCeiling = 4
const outlierFactor = 4

const rangeNames = { '24h': '24 hours', '7d': '7 days', '30d': '30 days', '1y': 'year' } as const

/** d3 is loaded by the first page that needs it. */
export async function presentLatencyChart(latency: Latency, downtimes: Downtime[], times: Times) {
  const { area, line } = await import('d3-shape')
  const { from, drawn, drawnMs, all } = latency
  const to = Math.max(latency.to, from + latency.pointMs)
  const { top, levels } = levelsUpTo(ceilingOf(latency.points), 1)
  const share = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from)))
  const percent = (at: number) => round(100 * share(at))
  const middle = (at: number) => (Math.max(from, at) + Math.min(to, at + drawnMs)) / 2
  const x = ({ at }: LatencyPoint) => width * share(middle(at))
  const y = (ms: number | undefined) => round(height * (1 - Math.min(top, ms ?? 0) / top))
  const isAnswered = ({ average }: LatencyPoint) => average !== undefined
  const points = withGaps(latency, downtimes, times.now)
  const band = area<LatencyPoint>(
    x,
    (one) => y(one.fastest),
    (one) => y(one.slowest),
  )
  const mean = line<LatencyPoint>(x, (one) => y(one.average))
  const slots = slotsOf(latency, to)
  const labels = levels.map(formatLatency)

  return {
    isEmpty: !drawn.some(isAnswered),
    hasDowns: downtimes.length > 0,
    plot: {
      id: 'latency-plot',
      label: summaryOf(latency, downtimes, times.now),
      height,
      room: roomFor(labels),
      levels: levels.map((level, index) => ({ y: y(level), label: labels[index]! })),
      moments: momentsWithin(from, to, times),
      slots: [],
      downs: presentDowns(downtimes, percent, times),
      curves: {
        width,
        band: band.defined(isAnswered).digits(1)(points) ?? '',
        mean: mean.defined(isAnswered).digits(1)(points) ?? '',
        // A line through a single point has no length.
        alone: points
          .filter((one, index) => isAnswered(one) && !beside(points, index).some(isAnswered))
          .map((one) => `M${x(one).toFixed(1)} ${y(one.average).toFixed(1)}v0`)
          .join(''),
        slots: slots.map(({ at, point }) => {
          const start = percent(at)
          return {
            x: start,
            width: round(percent(at + drawnMs) - start),
            y: point?.average === undefined ? '' : y(point.average),
          }
        }),
      },
    } satisfies Plot & Record<string, unknown>,
    table: {
      caption: 'Latency of health checks',
      when: 'Time',
      none: 'No checks',
      heads: [
        { title: 'Average', word: '', tone: 'mean', isSilent: false },
        { title: 'Fastest to slowest', word: '', tone: 'band', isSilent: false },
        { title: 'Good checks', word: 'good', tone: '', isSilent: false },
      ],
      rows: slots.map(({ at, point }) => ({ when: whenOf(at, drawnMs, times), cells: cellsOf(point) })),
    } satisfies PlotTable,
    figure: {
      average: formatLatency(all.average),
      span: all.average === undefined ? '' : spanOf(all),
      cut: all.slowest !== undefined && all.slowest > top ? `cut off at ${formatLatency(top)}` : '',
    },
  }
}

export type LatencyChart = Awaited<ReturnType<typeof presentLatencyChart>>

function ceilingOf(points: LatencyPoint[]): number {
  const slowest = points.map((one) => one.slowest ?? 0).sort((a, b) => a - b)
  const usual = Math.max(slowest[Math.floor(slowest.length * 0.95)] ?? 0, ...points.map((one) => one.average ?? 0))
  const max = slowest.at(-1) ?? 0
  return Math.max(minCeiling, max > usual * outlierFactor ? usual * 1.5 : max)
}

/** No line leads over a while without checks, or over a downtime that is long enough to be seen as a gap. */
function withGaps({ drawn, drawnMs }: Latency, downtimes: Downtime[], now: number): LatencyPoint[] {
  const nothing = { up: 0, down: 0, average: undefined, fastest: undefined, slowest: undefined }
  const middle = ({ at }: LatencyPoint) => at + drawnMs / 2
  const isDownBetween = (from: number, to: number) =>
    downtimes.some(({ startedAt, endedAt = now }) => Math.min(to, endedAt) - Math.max(from, startedAt) >= drawnMs / 2)
  return drawn.flatMap((point, index) => {
    const before = drawn[index - 1]
    if (!before) return [point]
    const isApart = point.at - before.at > drawnMs || isDownBetween(middle(before), middle(point))
    return isApart ? [{ ...nothing, at: before.at + drawnMs }, point] : [point]
  })
}

function beside(points: LatencyPoint[], index: number): LatencyPoint[] {
  return [points[index - 1], points[index + 1]].filter((one) => one !== undefined)
}

function slotsOf({ from, drawn, drawnMs }: Latency, to: number) {
  const known = new Map(drawn.map((point) => [point.at, point]))
  const first = from - (from % drawnMs)
  return Array.from({ length: Math.ceil((to - first) / drawnMs) }, (_, index) => {
    const at = first + index * drawnMs
    return { at, point: known.get(at) }
  })
}

/** `Today, 16:00`, or some days. */
function whenOf(at: number, drawnMs: number, times: Times): string {
  if (drawnMs < dayMs) return `${dayWord(at, times)}, ${times.clock(at)}`
  // Longer slots are days of UTC.
  const { date } = createTimes(utc, times.now)
  return `${date(at)} – ${date(at + drawnMs - dayMs)}`
}

function cellsOf(point: LatencyPoint | undefined): string[] {
  if (!point) return ['', '', '']
  const { average, up, down } = point
  const good = up + down === 0 ? unknown : formatShare(up / (up + down))
  return [formatLatency(average), average === undefined ? unknown : spanOf(point), good]
}

function spanOf({ fastest, slowest }: Omit<LatencyPoint, 'at'>): string {
  const [from, to] = [formatLatency(fastest), formatLatency(slowest)]
  return from === to ? from : `${from.replace(/ ms$/, to.endsWith(' ms') ? '' : ' ms')}–${to}`
}

function summaryOf({ all, range, from }: Latency, downtimes: Downtime[], now: number): string {
  const downMs = downtimes.reduce((sum, { startedAt, endedAt = now }) => sum + endedAt - Math.max(from, startedAt), 0)
  const often = downtimes.length === 1 ? 'once' : `${downtimes.length} times`
  const down = downtimes.length === 0 ? 'Never down.' : `Down ${often}, for ${formatAge(downMs)} in all.`
  const latency =
    all.average === undefined ? 'no answer' : `average ${formatLatency(all.average)}, range ${spanOf(all)}`
  return `Latency of health checks in the last ${rangeNames[range]}: ${latency}. ${down} Arrow keys read it.`
}
