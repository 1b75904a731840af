import { plural } from '../../../shared/plural.ts'
import { formatNumber } from '../numbers.ts'
import { presentStatus } from '../run.ts'
import type { Times } from '../times.ts'
import { levelsUpTo } from './levels.ts'
import { momentsOfBars } from './moments.ts'
import { type Plot, type PlotTable, roomFor, round } from './plot.ts'
import { stacked } from './stack.ts'

export type RunBar = {
  from: number
  /** Such as `Today, 13:30–14:00`. */
  when: string
  byStatus: Map<string, number>
  /** Empty where a click leads nowhere. */
  path: string
  cost?: string
}

/** From the base line up, so that failures compare from bar to bar. Statuses that we do not know follow `cancelled`. */
const order = ['failed', 'lost', 'cancelled', 'completed', 'running', 'pending']
const tones: Record<string, string> = {
  failed: 'bad',
  lost: 'lost',
  completed: 'vol',
  running: 'run',
  pending: 'queue',
}

/** `step` is how long a bar is, in ms. `isSwapped`: what a bar leads to is swapped into the page as hx-target says. */
type RunBarsOptions = { id: string; step: number; height: number; isSwapped?: boolean; times: Times }

export function presentRunBars(
  bars: RunBar[],
  { id, step, height, isSwapped, times }: RunBarsOptions,
): { plot: Plot; table: PlotTable; keys: { word: string; tone: string }[] } {
  const runsOf = bars.map(({ byStatus }) => [...byStatus.values()].reduce((sum, runs) => sum + runs, 0))
  const { top, levels } = levelsUpTo(Math.max(1, ...runsOf), 1)
  const statuses = statusesIn(bars)
  const width = 100 / bars.length
  const labels = levels.map(formatNumber)
  const plot: Plot = {
    id,
    label: 'Runs by time. Arrow keys read the bars.',
    height,
    room: roomFor(labels),
    levels: levels.map((level, index) => ({ y: round(height * (1 - level / top)), label: labels[index]! })),
    moments: momentsOfBars(
      bars.map(({ from }) => from),
      step,
      times,
    ),
    slots: bars.map(({ from, when, byStatus, path }, index) => {
      const slot = { x: round(index * width), width: round(width) }
      const values = statuses.map((status) => ({ tone: toneOf(status), value: byStatus.get(status) ?? 0 }))
      return {
        id: `${id}-${from}`,
        ...slot,
        path,
        isSwapped: isSwapped === true,
        label: `${when}: ${plural(runsOf[index]!, 'run')}`,
        ...stacked(values, { top, height }, slot),
      }
    }),
  }
  const hasCosts = bars.some(({ cost }) => cost !== undefined)
  const table: PlotTable = {
    caption: 'Runs by the time they started',
    when: 'Started',
    none: 'No runs',
    heads: [
      { title: 'Runs', word: '', tone: '', isSilent: true },
      ...statuses.toReversed().map((status) => ({
        title: presentStatus(status).word,
        word: presentStatus(status).word.toLowerCase(),
        tone: toneOf(status),
        isSilent: false,
      })),
      ...(hasCosts ? [{ title: 'Cost', word: '', tone: '', isSilent: false }] : []),
    ],
    rows: bars.map(({ when, byStatus, cost }, index) => ({
      when,
      cells: [
        formatNumber(runsOf[index]),
        ...statuses.toReversed().map((status) => formatNumber(byStatus.get(status) ?? 0)),
        ...(hasCosts ? [cost ?? ''] : []),
      ],
    })),
  }
  return { plot, table, keys: keysOf(statuses) }
}

function statusesIn(bars: RunBar[]): string[] {
  const found = [...new Set(bars.flatMap(({ byStatus }) => [...byStatus.keys()]))]
  const unknown = order.indexOf('cancelled') + 0.5
  const position = (status: string) => (order.includes(status) ? order.indexOf(status) : unknown)
  return found.sort((a, b) => position(a) - position(b))
}

function keysOf(statuses: string[]) {
  return statuses.toReversed().map((status) => ({ word: presentStatus(status).word, tone: toneOf(status) }))
}

const toneOf = (status: string) => tones[status] ?? 'off'
