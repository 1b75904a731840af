import type { Fleet } from '../../orchestrator/overview/fleet.ts'
import type { RunOverview } from '../../orchestrator/overview/overview.ts'
import { plural } from '../../shared/plural.ts'
import { formatNumber } from '../format/numbers.ts'
import { paths } from '../http/paths.ts'

type Counts = Fleet<unknown>['counts']
type State = keyof Counts

/** In order: the first that an agent is in is the verdict. */
const states: { state: State; icon: string; tone: string; is: string }[] = [
  { state: 'down', icon: 'down', tone: 'bad', is: 'down' },
  { state: 'degraded', icon: 'degraded', tone: 'waiting', is: 'degraded' },
  { state: 'flapping', icon: 'degraded', tone: 'waiting', is: 'flapping' },
  { state: 'well', icon: 'circle-check', tone: 'good', is: 'healthy' },
  { state: 'checking', icon: 'circle-dashed', tone: 'idle', is: 'being checked' },
  { state: 'paused', icon: 'circle-pause', tone: 'idle', is: 'paused' },
]

/** How the agents are, in a heading and a sentence that leads to the runs of the last day. */
export function presentVerdict(counts: Counts, { lastDay, errors }: Pick<RunOverview, 'lastDay' | 'errors'>) {
  const all = states.reduce((sum, { state }) => sum + counts[state], 0)
  const main = states.find(({ state }) => counts[state] > 0) ?? states.at(-1)!
  return {
    tone: main.tone,
    icon: main.icon,
    title: titleOf(counts[main.state], all, main.is),
    others: othersOf(counts, main.state),
    runs: lastDay.runs === 0 ? undefined : { text: plural(lastDay.runs, 'run'), path: paths.runs(lastDay.query) },
    failed:
      errors.runs === 0 ? undefined : { text: `${formatNumber(errors.runs)} failed`, path: paths.runs(errors.query) },
  }
}

function titleOf(some: number, all: number, is: string): string {
  if (all === 1) return `The agent is ${is}`
  if (some === all) return `${all === 2 ? 'Both' : `All ${formatNumber(all)}`} agents are ${is}`
  return `${formatNumber(some)} of ${formatNumber(all)} agents ${some === 1 ? 'is' : 'are'} ${is}`
}

/** `One more is degraded, 2 are paused.` */
function othersOf(counts: Counts, main: State): string {
  const isTrouble = (state: State) => ['down', 'degraded', 'flapping'].includes(state)
  const more = states
    .filter(({ state }) => state !== main && state !== 'well' && counts[state] > 0)
    .map(({ state, is }, index) => {
      const number = counts[state] === 1 ? (index === 0 ? 'One' : 'one') : formatNumber(counts[state])
      return `${number}${isTrouble(state) ? ' more' : ''} ${counts[state] === 1 ? 'is' : 'are'} ${is}`
    })
  return more.length === 0 ? '' : `${more.join(', ')}.`
}
