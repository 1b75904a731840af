import type { AgentList } from '../../orchestrator/orchestrator.ts'
import { formatAge, isoTime, presentMoment } from './format.ts'

type ListedAgent = AgentList['agents'][number]

const states = {
  checking: { tone: 'idle', word: 'Checking' },
  healthy: { tone: 'good', word: 'Healthy' },
  degraded: { tone: 'waiting', word: 'Degraded' },
  unhealthy: { tone: 'bad', word: 'Unhealthy' },
  unreachable: { tone: 'bad', word: 'Unreachable' },
} as const

/** The region `#agents`: the list, or what to do when it is empty. */
export function presentAgents(list: AgentList, now: number) {
  const { agents, checkedAt, intervalMs } = list
  return {
    pollSeconds: intervalMs / 1000,
    checked: presentMoment(checkedAt, now),
    summary: presentSummary(agents),
    agents: agents.map((agent) => presentAgent(agent, now)),
  }
}

/** How many agents are in which state, worst last; without the states that no agent is in. */
export function presentSummary(agents: ListedAgent[]) {
  const order = ['healthy', 'degraded', 'checking', 'unhealthy', 'unreachable'] as const
  const states = order.map((state) => ({
    ...presentState(state),
    agents: agents.filter(({ health }) => health.state === state).length,
  }))
  return { agents: agents.length, states: states.filter((one) => one.agents > 0) }
}

export function presentState(state: ListedAgent['health']['state']) {
  return states[state]
}

function presentAgent({ id, name, url, description, health, lastHeartbeatAt }: ListedAgent, now: number) {
  const isBad = health.state === 'unhealthy' || health.state === 'unreachable'
  const path = `/orchestrator/${encodeURIComponent(id)}`
  return {
    id,
    name,
    url,
    description,
    /** Ids of elements may hold anything but spaces. */
    elementId: `agent-${encodeURIComponent(id)}`,
    ...presentState(health.state),
    duration: isBad ? formatAge(now - health.since) : '',
    reason: presentReason(health.reason),
    lastSeen: presentMoment(health.seenAt ?? lastHeartbeatAt, now),
    runsPath: `/runs?agent=${encodeURIComponent(id)}`,
    executePath: `${path}/execute`,
    removePath: `${path}/remove`,
  }
}

/** A phrase as it stands by itself. */
export function presentReason(reason: string | undefined): string {
  return reason ? reason[0]!.toUpperCase() + reason.slice(1) : ''
}

/** The same list for programs. */
export function agentsAsJson({ agents, checkedAt }: AgentList) {
  return {
    checked_at: isoTime(checkedAt),
    agents: agents.map(({ id, name, url, description, registeredAt, lastHeartbeatAt, ttlSeconds, health }) => ({
      agent_id: id,
      agent_name: name,
      agent_url: url,
      description,
      status: health.state,
      reason: health.reason ?? null,
      last_seen: isoTime(health.seenAt ?? lastHeartbeatAt),
      registered_at: isoTime(registeredAt),
      ttl_seconds: ttlSeconds,
    })),
  }
}
