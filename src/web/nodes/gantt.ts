import { hourMs, minuteMs } from '../../shared/durations.ts'
/** A stretch of time in milliseconds since 1970; undefined where its start or its end is not known. */
export type Span = { from: number; to: number } | undefined

/** Places from left to right, in percent, as attributes of SVG take them. */
export type Gantt = {
  ticks: { x: string; label: string; anchor: 'start' | 'middle' | 'end' }[]
  /** As many as there were spans. */
  bars: ({ x: string; width: string } | undefined)[]
}

const units = [
  { sign: ' ms', ms: 1, upTo: 1000 },
  { sign: 's', ms: 1000, upTo: 2 * minuteMs },
  { sign: 'm', ms: minuteMs, upTo: 2 * hourMs },
  { sign: 'h', ms: hourMs, upTo: Number.POSITIVE_INFINITY },
]
const someTicks = 4

/** Lays spans out beside each other on one line of time, which begins at `begin` and is counted from `origin`. */
export async function presentGantt(spans: Span[], origin: number, begin = origin): Promise<Gantt> {
  const known = spans.filter((span) => span !== undefined)
  if (known.length === 0) return { ticks: [], bars: spans.map(() => undefined) }
  const first = Math.min(begin, ...known.map(({ from }) => from))
  const last = Math.max(...known.map(({ to }) => to), first + 1)
  // Most pages have no use for it, and a start should not wait for it.
  const { scaleLinear } = await import('d3-scale')
  const { sign, ms } = units.find(({ upTo }) => last - first < upTo)!
  const scale = scaleLinear([(first - origin) / ms, (last - origin) / ms], [0, 100])
  const place = (at: number) => scale((at - origin) / ms)
  const name = scale.tickFormat(someTicks)
  return {
    ticks: scale.ticks(someTicks).map((tick) => ({
      x: percent(scale(tick)),
      label: tick === 0 ? '0' : name(tick) + sign,
      anchor: scale(tick) < 4 ? 'start' : scale(tick) > 94 ? 'end' : 'middle',
    })),
    bars: spans.map(
      (span) => span && { x: percent(place(span.from)), width: percent(place(span.to) - place(span.from)) },
    ),
  }
}

function percent(value: number): string {
  return `${Number(Math.max(0, value).toFixed(2))}%`
}
