import type { AgentList } from '../../orchestrator/agents/service.ts'
import { formatShare } from '../format/numbers.ts'
import { formatLatency, isoTime, type Times } from '../format/times.ts'
import { presentHour } from '../health/last-hour.ts'
import { presentHealth, presentSummary } from '../health/state.ts'
import { paths } from '../http/paths.ts'

type ListedAgent = AgentList['agents'][number]

/** The region `#agents`. `tags` is what polling sends back. */
export function presentAgents(
  { agents, intervalMs, mayBeOffline }: AgentList,
  times: Times,
  tags: { all: string; states: string },
) {
  return {
    tags,
    mayBeOffline,
    pollSeconds: intervalMs / 1000,
    agents: agents.map((agent) => presentAgent(agent, times)),
  }
}

export function presentAgentsHead({ agents, checkedAt, intervalMs }: AgentList, times: Times) {
  return {
    summary: presentSummary(agents),
    intervalSeconds: intervalMs / 1000,
    checked: times.moment(checkedAt),
    expired: agents.filter(({ health }) => health.state === 'expired').length,
    canCheck: agents.some(({ pausedAt }) => pausedAt === undefined),
  }
}

function presentAgent(agent: ListedAgent, times: Times) {
  const { id, name, url, description, health, pausedAt, isSelfRegistered, ttlSeconds, lastHeartbeatAt } = agent
  return {
    id,
    name,
    url,
    description,
    /** Element ids may hold anything but spaces. */
    elementId: `agent-${encodeURIComponent(id)}`,
    health: presentHealth(health, times),
    hour: presentHour(health.lastHour),
    uptime: formatShare(health.uptime),
    latency: formatLatency(health.latencyMs),
    lastSeen: times.moment(lastSeenAt(agent)),
    selfRegistered: isSelfRegistered
      ? `Its last heartbeat came at ${times.exact(lastHeartbeatAt)}. It expires ${ttlSeconds} s after one.`
      : '',
    canCheck: pausedAt === undefined,
    path: paths.agentPage(id),
    checkPath: paths.checkAgent(id),
    runsPath: paths.runs({ agent: id }),
    executePath: paths.execute(id),
    removePath: paths.removeAgent(id),
  }
}

export function lastSeenAt({ health, isSelfRegistered, lastHeartbeatAt }: ListedAgent): number | undefined {
  const good = health.checks.findLast(({ outcome }) => outcome === 'up' || outcome === 'degraded')
  const seen = [health.seenAt, good?.at, isSelfRegistered ? lastHeartbeatAt : undefined]
  const latest = Math.max(...seen.map((at) => at ?? Number.NEGATIVE_INFINITY))
  return Number.isFinite(latest) ? latest : undefined
}

export function agentsAsJson({ agents, checkedAt, intervalMs, mayBeOffline }: AgentList) {
  return {
    checked_at: isoTime(checkedAt),
    check_interval_seconds: intervalMs / 1000,
    may_be_offline: mayBeOffline,
    agents: agents.map(agentAsJson),
  }
}

/** Shares are 0 to 1; `misses` are the failed checks in a row. */
export function agentAsJson(agent: ListedAgent) {
  const { id, name, url, description, isSelfRegistered, registeredAt, ttlSeconds, pausedAt, health } = agent
  return {
    agent_id: id,
    agent_name: name,
    agent_url: url,
    description,
    status: health.state,
    reason: health.reason ?? null,
    since: isoTime(health.since),
    misses: health.misses,
    is_flapping: health.isFlapping,
    is_paused: pausedAt !== undefined,
    runs: health.runs,
    uptime_24h: health.uptime ?? null,
    latency_ms: health.latencyMs ?? null,
    last_seen: isoTime(lastSeenAt(agent)),
    checks: health.checks.map(({ at, outcome, latencyMs, reason }) => ({
      at: isoTime(at),
      outcome,
      latency_ms: latencyMs,
      reason,
    })),
    registered_by: isSelfRegistered ? 'self' : 'hand',
    registered_at: isoTime(registeredAt),
    ttl_seconds: ttlSeconds,
  }
}
