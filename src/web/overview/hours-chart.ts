import { hourMs } from '../../shared/durations.ts'
import { formatNumber, unknown } from '../format/numbers.ts'
import { presentStatus } from '../format/run.ts'
import type { Times } from '../format/times.ts'

/** From `from` until before `to`, in ms since 1970. */
export type HourOfRuns = { from: number; to: number; runs: number; byStatus: Map<string, number>; path: string }

const top = 8
const bottom = 132
/** A single failure among a thousand runs stays visible. */
const minHeight = 3
const gap = 1

/** From the bottom up; unknown statuses on top. */
const stacked = ['completed', 'running', 'pending', 'cancelled', 'lost', 'failed']

/** x in percent of the width, y in pixels. d3 is loaded by the first page that needs it. */
export async function presentHoursChart(hours: HourOfRuns[], times: Times) {
  const { scaleBand, scaleLinear } = await import('d3-scale')
  const x = scaleBand(hours.keys(), [0, 100]).paddingInner(0.25)
  const maxRuns = Math.max(1, ...hours.map(({ runs }) => runs))
  const y = scaleLinear([0, maxRuns], [bottom, top]).nice(3)
  const statuses = [...new Set(hours.flatMap(({ byStatus }) => [...byStatus.keys()]))].sort(upwards)
  const words = hours.map((hour) => wordsOf(hour, statuses, times))
  const keys = statuses.map((status) => ({ ...shown(status), runs: formatNumber(sumOf(status, hours)) }))

  return {
    height: bottom + 24,
    bottom,
    levels: y
      .ticks(3)
      .filter(Number.isInteger)
      .map((runs) => ({ y: round(y(runs)), label: formatNumber(runs) })),
    moments: hours.flatMap(({ from }, index) => {
      const hour = Math.floor(times.zone.local(from) / hourMs)
      if (hour % 3 !== 0) return []
      const middle = round(x(index)! + x.bandwidth() / 2)
      const label = hour % 24 === 0 ? times.weekday(from) : times.clock(from)
      const anchor = middle < 3 ? 'start' : middle > 97 ? 'end' : 'middle'
      return { x: middle, label, anchor, isMinor: hour % 6 !== 0 }
    }),
    bars: hours.map((hour, index) => ({
      x: round(x(index)!),
      width: round(x.bandwidth()),
      area: {
        x: round(x(index)! - (x.step() - x.bandwidth()) / 2),
        width: round(x.step()),
        y: top,
        height: bottom - top,
      },
      path: hour.path,
      title: [words[index]!.when, ...words[index]!.counts].join('\n'),
      parts: partsOf(hour, statuses, (runs) => bottom - y(runs)),
    })),
    keys,
    rows: hours
      .map(({ runs, path }, index) => ({
        when: words[index]!.when,
        path,
        runs: formatNumber(runs),
        counts: runs === 0 ? unknown : words[index]!.counts.join(', '),
      }))
      .reverse(),
    summary: `Runs by hour of the last day: ${keys.map(({ word, runs }) => `${runs} ${word.toLowerCase()}`).join(', ')}.`,
  }
}

function wordsOf({ from, to, byStatus }: HourOfRuns, statuses: string[], times: Times) {
  const known = statuses.filter((status) => byStatus.has(status))
  return {
    when: `${times.weekday(from)}, ${times.clock(from)}–${times.clock(to)}`,
    counts:
      known.length === 0
        ? ['No runs']
        : known.map((status) => `${formatNumber(byStatus.get(status))} ${shown(status).word.toLowerCase()}`),
  }
}

function partsOf({ byStatus }: HourOfRuns, statuses: string[], heightOf: (runs: number) => number) {
  let ground = bottom
  return statuses.flatMap((status) => {
    const runs = byStatus.get(status)
    if (!runs) return []
    const height = Math.max(minHeight, heightOf(runs) - gap)
    ground -= height + gap
    return { tone: shown(status).tone, y: round(ground + gap), height: round(height) }
  })
}

function shown(status: string) {
  const { word, tone } = presentStatus(status)
  return { word, tone: status === 'pending' ? 'working' : tone }
}

function upwards(a: string, b: string): number {
  const position = (status: string) => (stacked.includes(status) ? stacked.indexOf(status) : stacked.length)
  return position(a) - position(b)
}

const sumOf = (status: string, hours: HourOfRuns[]) =>
  hours.reduce((runs, { byStatus }) => runs + (byStatus.get(status) ?? 0), 0)
const round = (position: number) => Math.round(position * 100) / 100
