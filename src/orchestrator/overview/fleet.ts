import type { Health } from '../health/shown.ts'

export type WithHealth = { id: string; health: Health }

/** How all agents are: an expired one is down, a busy one is well. */
type FleetState = 'down' | 'degraded' | 'flapping' | 'checking' | 'well' | 'paused'

export type Fleet<One> = {
  counts: Record<FleetState, number>
  /** Those that need attention, the worst first; `moreTroubled` are beyond these. */
  troubled: One[]
  moreTroubled: number
  /** The others, paused ones last; in a large fleet only those with runs. No run moves them. */
  others: One[]
  /** Those that are in neither list. */
  more: Pick<Record<FleetState, number>, 'well' | 'checking' | 'paused'>
}

const maxTroubled = 20
const maxOthers = 24

const states: Record<Health['state'], FleetState> = {
  down: 'down',
  expired: 'down',
  degraded: 'degraded',
  unknown: 'checking',
  healthy: 'well',
  busy: 'well',
  paused: 'paused',
}
const severity: FleetState[] = ['down', 'degraded', 'flapping']

/** Agents come by name, and stay so among their like. */
export function fleetOf<One extends WithHealth>(agents: One[]): Fleet<One> {
  const inState = Map.groupBy(agents, ({ health }) => stateOf(health))
  const of = (state: FleetState) => inState.get(state) ?? []
  const counts = { down: 0, degraded: 0, flapping: 0, checking: 0, well: 0, paused: 0 }
  for (const [state, some] of inState) counts[state] = some.length
  const troubled = severity.flatMap(of)
  const isQuiet = ({ health }: One) => !severity.includes(stateOf(health)) && health.state !== 'paused'
  const quiet = [...agents.filter(isQuiet), ...of('paused')]
  const others = agents.length > maxOthers ? quiet.filter(isAtWork).slice(0, maxOthers) : quiet
  const isShown = new Set(others)
  const more = (state: FleetState) => of(state).filter((agent) => !isShown.has(agent)).length
  return {
    counts,
    troubled: troubled.slice(0, maxTroubled),
    moreTroubled: Math.max(0, troubled.length - maxTroubled),
    others,
    more: { well: more('well'), checking: more('checking'), paused: more('paused') },
  }
}

function stateOf({ state, isFlapping }: Health): FleetState {
  const known = states[state]
  return known === 'well' && isFlapping ? 'flapping' : known
}

const isAtWork = ({ health }: WithHealth) => health.runs > 0 || health.state === 'busy'
