import type { AgentList } from '../../orchestrator/agents/service.ts'
import type { Health } from '../../orchestrator/health/shown.ts'
import { plural } from '../../shared/plural.ts'
import { presentReason } from '../format/reason.ts'
import type { Times } from '../format/times.ts'

const states = {
  healthy: { icon: 'healthy', tone: 'good', word: 'Healthy' },
  busy: { icon: 'busy', tone: 'working', word: 'Busy' },
  degraded: { icon: 'degraded', tone: 'waiting', word: 'Degraded' },
  checking: { icon: 'circle-dashed', tone: 'waiting', word: 'Checking' },
  paused: { icon: 'circle-pause', tone: 'idle', word: 'Paused' },
  expired: { icon: 'down', tone: 'bad', word: 'Expired' },
  down: { icon: 'down', tone: 'bad', word: 'Down' },
} as const
type ShownState = keyof typeof states

export function presentHealth(health: Health, times: Times) {
  const { state, misses, missesUntilDown, runs, since } = health
  const shown = shownState(health)
  const { icon, tone, word } = states[shown]
  const isBad = tone === 'bad'
  return {
    icon,
    tone: state === 'unknown' && misses === 0 ? 'idle' : tone,
    word,
    detail:
      shown === 'busy'
        ? runs > 0
          ? `· ${plural(runs, 'run')}`
          : ''
        : shown === 'checking' && misses > 0
          ? `${misses}/${missesUntilDown}`
          : '',
    lasting: isBad ? times.lasting(since) : undefined,
    reason: presentReason(health.reason),
    isFlapping: health.isFlapping,
  }
}

export function presentSummary(agents: AgentList['agents']) {
  const counts = (Object.keys(states) as ShownState[]).map((state) => ({
    tone: states[state].tone,
    word: states[state].word.toLowerCase(),
    agents: agents.filter(({ health }) => shownState(health) === state).length,
  }))
  return {
    agents: agents.length,
    count: plural(agents.length, 'agent'),
    states: counts.filter((one) => one.agents > 0),
  }
}

export function statesIn({ agents, mayBeOffline }: AgentList): string {
  const each = agents.map(({ id, health }) => {
    const { state, misses, runs, reason, isFlapping } = health
    const isWell = !isFlapping && ['healthy', 'busy', 'unknown'].includes(state)
    return [id, shownState(health), misses, runs, reason, isFlapping, isWell ? 0 : health.since]
  })
  return JSON.stringify([mayBeOffline, each])
}

function shownState({ state, misses }: Health): ShownState {
  if (state === 'unknown') return 'checking'
  return misses > 0 && (state === 'healthy' || state === 'degraded') ? 'checking' : state
}
