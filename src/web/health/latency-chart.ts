import type { Downtime } from '../../orchestrator/health/incidents.ts'
import type { Latency, LatencyPoint } from '../../orchestrator/health/latency.ts'
import { dayMs } from '../../shared/durations.ts'
import { formatShare } from '../format/numbers.ts'
import { presentReason } from '../format/reason.ts'
import { formatAge, formatLatency, type Times } from '../format/times.ts'

/** In pixels; the width is stretched to the page. */
const width = 1000
const top = 22
const bottom = 212
const month = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' })

/** In ms: faster answers do not fill the chart. */
const minCeiling = 4
const outlierFactor = 4
/** In percent of the width: closer down times are drawn as one. */
const nearPercent = 1.2
const roomPercent = 9
const maxTitles = 3

const rangeNames = { '24h': '24 hours', '7d': '7 days', '30d': '30 days', '1y': 'year' } as const

/** x in percent of the width, y in pixels. d3 is loaded by the first page that needs it. */
export async function presentLatencyChart(latency: Latency, downtimes: Downtime[], times: Times) {
  const [{ scaleLinear, scaleUtc }, { area, line }] = await Promise.all([import('d3-scale'), import('d3-shape')])
  const { from, to, points, pointMs, rows, rowMs, all, range } = latency
  const { zone } = times
  const ceiling = ceilingOf(points)
  const x = scaleUtc([from, to], [0, width])
  const y = scaleLinear([0, ceiling], [bottom, top]).nice(4)
  const highest = y.domain()[1]!
  const localTicks = scaleUtc([zone.local(from), zone.local(to)], [0, width])
    .ticks(8)
    .map((local) => zone.momentOf(local.getTime()))
  const percent = (at: number) => Math.round((x(Math.min(to, Math.max(from, at))) / width) * 10_000) / 100
  const middle = ({ at }: LatencyPoint) => x(Math.min(to, at + pointMs / 2))
  const level = (ms: number | undefined) => y(Math.min(highest, ms ?? 0))
  const isAnswered = ({ average }: LatencyPoint) => average !== undefined
  const drawn = withGaps(points, pointMs)
  const band = area<LatencyPoint>(
    middle,
    (one) => level(one.fastest),
    (one) => level(one.slowest),
  )
  const averages = line<LatencyPoint>(middle, (one) => level(one.average))

  return {
    width,
    top,
    bottom,
    isEmpty: points.every((one) => !isAnswered(one)),
    band: band.defined(isAnswered).digits(1)(drawn) ?? '',
    line: averages.defined(isAnswered).digits(1)(drawn) ?? '',
    // A line through a single point has no length.
    dots: drawn
      .filter((one, index) => isAnswered(one) && !near(drawn, index).some(isAnswered))
      .map((one) => `M${middle(one).toFixed(1)} ${level(one.average).toFixed(1)}v0`)
      .join(''),
    levels: y.ticks(3).map((ms) => ({ y: Math.round(y(ms)), label: formatLatency(ms) })),
    moments: localTicks.map((at, index) => momentOf(at, percent(at), range, index, times)),
    downs: drawDowns(downtimes, { from, percent, times }),
    columns: rows.map((row) => {
      const start = percent(row.at)
      return { x: start, width: round(percent(row.at + rowMs) - start), title: titleOf(row, rowMs, range, times) }
    }),
    rows: rows.map((row) => ({ when: formatRow(row.at, rowMs, range, times), ...numbersOf(row) })).reverse(),
    facts: factsOf(all),
    cut: all.slowest !== undefined && all.slowest > highest ? `cut off at ${formatLatency(highest)}` : '',
    summary: summaryOf(latency, downtimes, times),
  }
}

export type LatencyChart = Awaited<ReturnType<typeof presentLatencyChart>>

function ceilingOf(points: LatencyPoint[]): number {
  const slowest = points.map((one) => one.slowest ?? 0).sort((a, b) => a - b)
  const usual = Math.max(slowest[Math.floor(slowest.length * 0.95)] ?? 0, ...points.map((one) => one.average ?? 0))
  const max = slowest.at(-1) ?? 0
  return Math.max(minCeiling, max > usual * outlierFactor ? usual * 1.5 : max)
}

function withGaps(points: LatencyPoint[], pointMs: number): LatencyPoint[] {
  const nothing = { up: 0, down: 0, average: undefined, fastest: undefined, slowest: undefined }
  return points.flatMap((point, index) => {
    const before = points[index - 1]
    return before && point.at - before.at > pointMs ? [{ ...nothing, at: before.at + pointMs }, point] : [point]
  })
}

function near(points: LatencyPoint[], index: number): LatencyPoint[] {
  return [points[index - 1], points[index + 1]].filter((one) => one !== undefined)
}

function momentOf(at: number, x: number, range: Latency['range'], index: number, times: Times) {
  const isMidnight = times.zone.startOfDay(at) === at
  const local = new Date(times.zone.local(at))
  const isNewYear = isMidnight && local.getUTCMonth() === 0
  const label =
    range === '1y'
      ? isNewYear
        ? String(times.year(at))
        : month.format(local)
      : range === '24h' && !isMidnight
        ? times.clock(at)
        : times.date(at)
  return { x, label, anchor: x < 3 ? 'start' : x > 97 ? 'end' : 'middle', isMinor: index % 2 === 1 }
}

type Drawn = { x: number; width: number; title: string; words: string; anchor: string }

function drawDowns(
  downtimes: Downtime[],
  { from, percent, times }: { from: number; percent: (at: number) => number; times: Times },
): Drawn[] {
  const groups: { x: number; end: number; titles: string[]; times: number; ms: number }[] = []
  for (const downtime of downtimes.toReversed()) {
    const { startedAt, endedAt = times.now } = downtime
    const [x, end] = [percent(Math.max(from, startedAt)), percent(endedAt)]
    const last = groups.at(-1)
    if (!last || x - last.end >= nearPercent) {
      groups.push({ x, end, titles: [titleOfDown(downtime, times)], times: 1, ms: endedAt - startedAt })
      continue
    }
    last.end = Math.max(last.end, end)
    last.times++
    if (last.times <= maxTitles) last.titles.push(titleOfDown(downtime, times))
  }
  return groups.map(({ x, end, titles, times, ms }) => {
    const width = round(end - x)
    const isWide = width >= roomPercent
    const words = times === 1 ? `Down ${formatAge(ms)}` : `Down ${times} times`
    const more = times > maxTitles ? [`and ${times - maxTitles} more`] : []
    return {
      x,
      width,
      title: [...titles, ...more].join('\n'),
      words: isWide ? words : '▼',
      anchor: isWide ? 'start' : 'middle',
    }
  })
}

function titleOfDown({ startedAt, endedAt, reason }: Downtime, times: Times): string {
  const end = endedAt === undefined ? 'now' : times.exact(endedAt)
  return `Down from ${times.exact(startedAt)} to ${end}: ${presentReason(reason)}`
}

function titleOf(row: LatencyPoint, rowMs: number, range: Latency['range'], times: Times): string {
  const { average, span, good } = numbersOf(row)
  return `${formatRow(row.at, rowMs, range, times)}\nAverage ${average} (${span})\n${good} good`
}

function formatRow(at: number, rowMs: number, range: Latency['range'], times: Times): string {
  const end = at + rowMs
  if (range === '24h' || range === '7d') return `${times.date(at)}, ${times.clock(at)} – ${times.clock(end)}`
  return range === '30d' ? times.date(at) : `${times.date(at)} – ${times.date(end - dayMs)}`
}

function numbersOf({ average, fastest, slowest, up, down }: Omit<LatencyPoint, 'at'>) {
  const isOne = fastest === slowest
  return {
    average: formatLatency(average),
    span: isOne ? formatLatency(fastest) : `${formatLatency(fastest)} – ${formatLatency(slowest)}`,
    good: formatShare(up + down === 0 ? undefined : up / (up + down)),
    checks: up + down,
  }
}

function factsOf({ average, fastest, slowest }: Latency['all']) {
  return [
    { name: 'Average', value: formatLatency(average) },
    { name: 'Fastest', value: formatLatency(fastest) },
    { name: 'Slowest', value: formatLatency(slowest) },
  ]
}

function summaryOf({ all, range, from }: Latency, downtimes: Downtime[], { now }: Times): string {
  const facts = factsOf(all).map(({ name, value }) => `${name.toLowerCase()} ${value}`)
  const downMs = downtimes.reduce((sum, { startedAt, endedAt = now }) => sum + endedAt - Math.max(from, startedAt), 0)
  const times = downtimes.length === 1 ? 'once' : `${downtimes.length} times`
  const down = downtimes.length === 0 ? 'Never down.' : `Down ${times}, for ${formatAge(downMs)} in all.`
  const latency = all.average === undefined ? 'no answer' : facts.join(', ')
  return `Latency of health checks in the last ${rangeNames[range]}: ${latency}. ${down}`
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100
}
