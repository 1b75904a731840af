import { dayMs, hourMs, minuteMs } from '../../../shared/time/durations.ts'
import type { HealthStore, Resolution, Rollup } from '../../../store/ports/health.ts'

const ranges: Record<Range, { lengthMs: number; resolution: Resolution; pointMs: number; drawnMs: number }> = {
  '24h': { lengthMs: dayMs, resolution: 'minute', pointMs: 5 * minuteMs, drawnMs: 15 * minuteMs },
  '7d': { lengthMs: 7 * dayMs, resolution: 'hour', pointMs: hourMs, drawnMs: 2 * hourMs },
  '30d': { lengthMs: 30 * dayMs, resolution: 'hour', pointMs: hourMs, drawnMs: 6 * hourMs },
  '1y': { lengthMs: 365 * dayMs, resolution: 'day', pointMs: dayMs, drawnMs: 3 * dayMs },
}

export type Range = '24h' | '7d' | '30d' | '1y'

export type LatencyPoint = {
  at: number
  up: number
  down: number
  average: number | undefined
  fastest: number | undefined
  slowest: number | undefined
}

/** In ms, oldest first; a while without a check has no point. `drawn` are fewer and longer than `points`, as many as a
 * chart can show. `from` is the first check where that is later than the range begins. */
export type Latency = {
  range: Range
  from: number
  to: number
  pointMs: number
  drawnMs: number
  points: LatencyPoint[]
  drawn: LatencyPoint[]
  all: Omit<LatencyPoint, 'at'>
}

export async function latencyOf(
  store: Pick<HealthStore, 'rollups'>,
  agentId: string,
  range: Range,
  now: number,
  firstCheckAt?: number,
): Promise<Latency> {
  const { lengthMs, resolution, pointMs, drawnMs } = ranges[range]
  const startOfFirstPoint = Math.ceil((now - lengthMs) / pointMs) * pointMs
  const sums = await store.rollups(agentId, resolution, startOfFirstPoint)
  const isNew = firstCheckAt !== undefined && firstCheckAt > startOfFirstPoint
  const first = isNew ? sums[0]?.at : undefined
  return {
    range,
    from: first === undefined ? startOfFirstPoint : first - (first % pointMs),
    to: now,
    pointMs,
    drawnMs,
    points: joined(sums, pointMs),
    drawn: joined(sums, drawnMs),
    all: pointOf(0, sums),
  }
}

function joined(sums: Rollup[], lengthMs: number): LatencyPoint[] {
  const groups = Map.groupBy(sums, ({ at }) => at - (at % lengthMs))
  return [...groups].map(([at, group]) => pointOf(at, group))
}

function pointOf(at: number, sums: Rollup[]): LatencyPoint {
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
