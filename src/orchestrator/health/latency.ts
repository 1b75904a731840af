import { dayMs, hourMs, minuteMs } from '../../shared/durations.ts'
import { type HealthTable, type RollupRow, spans } from '../../store/sqlite/health/health.ts'

/** For each range: how long it is, the sums it is made of, what they are joined to as points, and as rows of a table. */
const ranges = {
  '24h': { lengthMs: dayMs, span: spans.minute, pointMs: 5 * minuteMs, rowMs: hourMs },
  '7d': { lengthMs: 7 * dayMs, span: spans.hour, pointMs: hourMs, rowMs: 6 * hourMs },
  '30d': { lengthMs: 30 * dayMs, span: spans.hour, pointMs: hourMs, rowMs: dayMs },
  '1y': { lengthMs: 365 * dayMs, span: spans.day, pointMs: dayMs, rowMs: 7 * dayMs },
} as const

export type Range = keyof typeof ranges

/** The checks of a while. Latencies are in milliseconds, undefined where no check was answered. */
export type LatencyPoint = {
  at: number
  up: number
  down: number
  average: number | undefined
  fastest: number | undefined
  slowest: number | undefined
}

/** Points and rows are `pointMs` and `rowMs` long, oldest first; a while without a check has none. */
export type Latency = {
  range: Range
  from: number
  to: number
  pointMs: number
  rowMs: number
  points: LatencyPoint[]
  rows: LatencyPoint[]
  all: Omit<LatencyPoint, 'at'>
}

/** How quickly an agent answered its checks within a range that ends now. */
export function latencyOf(table: Pick<HealthTable, 'rollups'>, agentId: string, range: Range, now: number): Latency {
  const { lengthMs, span, pointMs, rowMs } = ranges[range]
  // From the beginning of a point, so that the first one is whole.
  const from = Math.ceil((now - lengthMs) / pointMs) * pointMs
  const sums = table.rollups(agentId, span, from)
  return {
    range,
    from,
    to: now,
    pointMs,
    rowMs,
    points: joined(sums, pointMs),
    rows: joined(sums, rowMs),
    all: pointOf(0, sums),
  }
}

function joined(sums: RollupRow[], lengthMs: number): LatencyPoint[] {
  const groups = Map.groupBy(sums, ({ at }) => at - (at % lengthMs))
  return [...groups].map(([at, group]) => pointOf(at, group))
}

function pointOf(at: number, sums: RollupRow[]): LatencyPoint {
  const sumOf = (name: 'up' | 'down' | 'answered' | 'latencySum') => sums.reduce((sum, one) => sum + one[name], 0)
  const answered = sumOf('answered')
  const fastest = sums.map(({ latencyMin }) => latencyMin).filter((ms) => ms !== null)
  const slowest = sums.map(({ latencyMax }) => latencyMax).filter((ms) => ms !== null)
  return {
    at,
    up: sumOf('up'),
    down: sumOf('down'),
    average: answered === 0 ? undefined : sumOf('latencySum') / answered,
    fastest: fastest.length === 0 ? undefined : Math.min(...fastest),
    slowest: slowest.length === 0 ? undefined : Math.max(...slowest),
  }
}
