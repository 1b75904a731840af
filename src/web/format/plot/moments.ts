import { dayMs, hourMs, minuteMs, weekMs } from '../../../shared/time/durations.ts'
import type { Times } from '../times.ts'
import { anchorAt, type PlotMoment, round } from './plot.ts'

const second = 1000
const intervals = [
  ...[1, 5, 10, 15, 30].map((seconds) => seconds * second),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 4, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2, 4].map((days) => days * dayMs),
  ...[1, 2, 4, 8, 13, 26, 52, 104, 520].map((weeks) => weeks * weekMs),
]
const maxMoments = 8

/** Words for the bars that hold a round time of the reader's clock. Bars start at `starts`, and are `step` long. */
export function momentsOfBars(starts: number[], step: number, times: Times): PlotMoment[] {
  const interval = intervalFor(starts.length * step, step)
  const width = 100 / starts.length
  return starts
    .map((at, index) => ({ at, x: round((index + 0.5) * width) }))
    .filter(({ at }, index) => remainder(times.zone.local(at), interval) < step && !isCut(starts, index, step))
    .map(({ at, x }, index) => momentAt(at, x, interval, index, times))
}

export function momentsWithin(from: number, to: number, times: Times): PlotMoment[] {
  const interval = intervalFor(to - from, minuteMs)
  const moments: PlotMoment[] = []
  const local = times.zone.local(from)
  for (let shown = local + remainder(-local, interval); ; shown += interval) {
    const at = times.zone.momentOf(shown)
    if (at > to) return moments
    if (at < from) continue
    moments.push(momentAt(at, round(((at - from) / (to - from)) * 100), interval, moments.length, times))
  }
}

/** The first bar begins where what was selected does. */
const isCut = (starts: number[], index: number, step: number) =>
  index === 0 && starts.length > 1 && starts[1]! - starts[0]! < step

function intervalFor(length: number, least: number): number {
  return intervals.find((one) => one >= least && length / one <= maxMoments) ?? intervals.at(-1)!
}

function momentAt(at: number, x: number, interval: number, index: number, times: Times): PlotMoment {
  const label = interval >= dayMs ? times.day(at) : interval >= minuteMs ? times.clock(at) : times.clockSeconds(at)
  return { x, label, anchor: anchorAt(x), isMinor: index % 2 === 1 }
}

const remainder = (value: number, of: number) => ((value % of) + of) % of
