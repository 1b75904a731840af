import type { AgentList } from '../agents/service.ts'
import type { EventStream } from '../events.ts'
import type { Lateness } from '../health/checks/lateness.ts'
import { createBuckets } from './buckets.ts'
import { counter, type Family, histogram, one, type Sample, sharedGauge } from './family.ts'
import { createTally } from './tally.ts'

type Agent = AgentList['agents'][number]
type State = Agent['health']['state']

const states: State[] = ['healthy', 'degraded', 'busy', 'down', 'unknown', 'paused', 'expired']
const outcomes = ['up', 'degraded', 'busy', 'down'] as const
const latencyBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3]
/** Of a paused agent, and before the first check, nothing is known. */
const isUp: Partial<Record<State, number>> = { healthy: 1, degraded: 1, busy: 1, down: 0, expired: 0 }

export function createAgentFigures(deps: {
  events: EventStream
  agents: () => Agent[]
  lateness: () => Lateness
}): () => Family[] {
  const { events, agents, lateness } = deps
  const durations = createBuckets('outcome', latencyBounds, outcomes)
  const changes = createTally(
    ['state'],
    ['healthy', 'degraded', 'down', 'unknown'].map((state) => [state]),
  )
  events.on('agent-checked', ({ outcome, latencyMs }) =>
    durations.add(outcome, latencyMs === null ? null : latencyMs / 1000),
  )
  events.on('agent-state-changed', ({ to }) => changes.add([to]))

  return () => {
    const { lateMs, overdue } = lateness()
    return [
      ...familiesOf(agents()),
      counter('agent_state_changes_total', 'Changes of the state of agents, by new state.', changes.samples()),
      histogram('check_duration_seconds', 'Latency of answered health checks, by outcome.', durations.samples()),
      sharedGauge('checks_overdue', 'Health checks that are due and have not begun.', one(overdue)),
      sharedGauge('check_delay_seconds', 'How long the most overdue health check is late.', one(lateMs / 1000)),
    ]
  }
}

function familiesOf(all: Agent[]): Family[] {
  const count = (state: State) => all.filter(({ health }) => health.state === state).length
  const known = (read: (agent: Agent) => number | undefined): Sample[] =>
    all.flatMap((agent) => {
      const value = read(agent)
      return value === undefined ? [] : [{ labels: { agent_id: agent.id }, value }]
    })
  return [
    sharedGauge(
      'agents',
      'Registered agents, by state.',
      states.flatMap((state) => one(count(state), { state })),
    ),
    sharedGauge(
      'agent_info',
      'Name of an agent; always 1.',
      all.flatMap(({ id, name }) => one(1, { agent_id: id, agent_name: name })),
    ),
    sharedGauge(
      'agent_up',
      'Whether an agent answers (1) or is down or expired (0). Missing while unknown or paused.',
      known(({ health }) => isUp[health.state]),
    ),
    sharedGauge(
      'agent_flapping',
      'Whether the state of an agent changes again and again.',
      known(({ health }) => Number(health.isFlapping)),
    ),
    sharedGauge(
      'agent_check_latency_seconds',
      'Latency of the last health check of an agent, if it was answered.',
      known(({ health }) => health.latencyMs && health.latencyMs / 1000),
    ),
    sharedGauge(
      'agent_slots_taken',
      'Slots that runs of an agent take.',
      known(({ health }) => health.runs),
    ),
  ]
}
