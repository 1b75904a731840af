import { hourMs, minuteMs } from '../../shared/time/durations.ts'
/** In milliseconds since 1970; undefined where an end is unknown. */
export type TimeRange = { from: number; to: number } | undefined

/** Positions in percent. */
export type Gantt = {
  ticks: { x: string; label: string; anchor: 'start' | 'middle' | 'end' }[]
  bars: ({ x: string; width: string } | undefined)[]
}

const units = [
  { sign: ' ms', ms: 1, upTo: 1000 },
  { sign: 's', ms: 1000, upTo: 2 * minuteMs },
  { sign: 'm', ms: minuteMs, upTo: 2 * hourMs },
  { sign: 'h', ms: hourMs, upTo: Number.POSITIVE_INFINITY },
]
const tickCount = 4

/** `begin` is the left edge, `origin` the zero of the labels. */
export async function presentGantt(ranges: TimeRange[], origin: number, begin = origin): Promise<Gantt> {
  const known = ranges.filter((range) => range !== undefined)
  if (known.length === 0) return { ticks: [], bars: ranges.map(() => undefined) }
  const first = Math.min(begin, ...known.map(({ from }) => from))
  const last = Math.max(...known.map(({ to }) => to), first + 1)
  // d3 is loaded by the first page that needs it.
  const { scaleLinear } = await import('d3-scale')
  const { sign, ms } = units.find(({ upTo }) => last - first < upTo)!
  const scale = scaleLinear([(first - origin) / ms, (last - origin) / ms], [0, 100])
  const positionOf = (at: number) => scale((at - origin) / ms)
  const name = scale.tickFormat(tickCount)
  return {
    ticks: scale.ticks(tickCount).map((tick) => ({
      x: percent(scale(tick)),
      label: tick === 0 ? '0' : name(tick) + sign,
      anchor: scale(tick) < 4 ? 'start' : scale(tick) > 94 ? 'end' : 'middle',
    })),
    bars: ranges.map(
      (range) =>
        range && { x: percent(positionOf(range.from)), width: percent(positionOf(range.to) - positionOf(range.from)) },
    ),
  }
}

function percent(value: number): string {
  return `${Number(Math.max(0, value).toFixed(2))}%`
}
