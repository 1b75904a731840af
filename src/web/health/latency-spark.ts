import { formatLatency } from '../format/times.ts'

type Means = (number | undefined)[]
type Point = { x: number; y: number }

const hourWidth = 3
const height = 16
/** The baseline is 0 ms. */
const highest = 2
/** In pixels, beyond what is seen. */
const edge = 3

/** The latency of the last 24 hours for `shared/_spark`; undefined where none is known. */
export function presentSpark(means: Means) {
  const known = means.filter((mean) => mean !== undefined)
  if (known.length === 0) return undefined
  const slowest = Math.max(...known)
  const lines = stretchesOf(means).map(({ from, values }) =>
    values.map((value, index) => ({
      x: (from + index) * hourWidth + 1,
      y: height - Math.round((value / (slowest || 1)) * (height - highest)),
    })),
  )
  const last = lines.at(-1)!.at(-1)!
  const bounds = [Math.min(...known), slowest].map(formatLatency)
  return {
    isBroken: known.length < means.length,
    line: known.length < means.length ? lines.map(through).join('') : edged(lines[0]!),
    last,
    label: `Latency: ${[...new Set(bounds)].join(' to ')}`,
  }
}

/** One path, whose sides and base are beyond what is seen: the line is the edge of the area. */
function edged(points: Point[]): string {
  const [first] = points
  const below = height + edge
  return `M${first!.x - edge} ${below}V${first!.y}h${edge}${stepsOf(points)}h${edge}V${below}`
}

function through(points: Point[]): string {
  return `M${points[0]!.x} ${points[0]!.y}${stepsOf(points) || 'h1'}`
}

function stepsOf([first, ...rest]: Point[]): string {
  let before = first!
  const steps = rest.map((point) => {
    const step = `${point.x - before.x} ${point.y - before.y}`
    before = point
    return step
  })
  return steps.length === 0 ? '' : `l${steps.join(' ').replaceAll(' -', '-')}`
}

function stretchesOf(means: Means): { from: number; values: number[] }[] {
  const stretches: { from: number; values: number[] }[] = []
  means.forEach((mean, index) => {
    if (mean === undefined) return
    const last = stretches.at(-1)
    if (last && last.from + last.values.length === index) last.values.push(mean)
    else stretches.push({ from: index, values: [mean] })
  })
  return stretches
}
