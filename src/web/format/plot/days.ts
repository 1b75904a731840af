import { formatCost, unknown } from '../numbers.ts'
import type { Times } from '../times.ts'
import { type Plot, type PlotTable, round } from './plot.ts'
import { dayWord } from './when.ts'

/** What a day cost, in dollars, and the same day of last week; undefined for a day to come, null where nothing told. */
export type CostDay = { from: number; cost: number | null | undefined; lastWeek: number | null; path: string }

const leastTop = 0.0001
/** Of the width of a day. */
const shown = { from: 4, to: 82 }
const ghost = { from: 16, to: 94 }

/** Bars of some days beside those of the week before, which are dashed. Below each stand its name and what it cost. */
export function presentCostDays(
  days: CostDay[],
  { id, height, times }: { id: string; height: number; times: Times },
): { plot: Plot; table: PlotTable } {
  const top = Math.max(leastTop, ...days.flatMap(({ cost, lastWeek }) => [cost ?? 0, lastWeek ?? 0]))
  const width = 100 / days.length
  const today = times.zone.startOfDay(times.now)
  const bar = (value: number, tone: string, { from, to }: typeof shown, index: number) => ({
    tone,
    x: round((index + from / 100) * width),
    width: round(((to - from) / 100) * width),
    y: round(height * (1 - value / top)),
    height: round((height * value) / top),
  })
  return {
    plot: {
      id,
      label: 'Cost by day. Arrow keys read the bars.',
      height,
      room: 'none',
      levels: [],
      moments: days.map(({ from, cost }, index) => ({
        x: round((index + (shown.from + ghost.to) / 200) * width),
        label: from === today ? 'Today' : times.weekday(from).slice(0, 3),
        below: cost === undefined ? unknown : shortCost(cost),
        anchor: 'middle',
        isMinor: false,
      })),
      slots: days.map(({ from, cost, lastWeek, path }, index) => ({
        id: `${id}-${from}`,
        x: round(index * width),
        width: round(width),
        path,
        isSwapped: false,
        label: `${dayWord(from, times)}: ${formatCost(cost)}`,
        parts: [
          ...(lastWeek ? [bar(lastWeek, 'ghost', ghost, index)] : []),
          ...(cost ? [bar(cost, from === today ? 'vol today' : 'vol', shown, index)] : []),
        ],
        cuts: [],
      })),
    },
    table: {
      caption: 'Cost by day',
      when: 'Day',
      none: 'Nothing known',
      heads: [
        { title: 'Cost', word: '', tone: 'vol', isSilent: false },
        { title: 'A week before', word: 'a week before', tone: 'ghost', isSilent: false },
      ],
      rows: days.map(({ from, cost, lastWeek }) => ({
        when: dayWord(from, times),
        cells: [cost === undefined ? '' : formatCost(cost), formatCost(lastWeek)],
      })),
    },
  }
}

/** `$4.77`, `$118`, `$0.034`. */
function shortCost(cost: number | null): string {
  if (cost === null) return unknown
  if (cost >= 100) return `$${Math.round(cost)}`
  return cost > 0 && cost < 1 ? `$${cost.toPrecision(2)}` : formatCost(cost)
}
