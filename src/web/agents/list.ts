import type { AgentBoard, AgentList } from '../../orchestrator/agents/service.ts'
import { credentialUrl } from '../format/asked.ts'
import { isoTime } from '../format/times.ts'

type ListedAgent = AgentList['agents'][number]
type Days = AgentBoard['days']
type Day = NonNullable<ReturnType<Days['get']>>

export function lastSeenAt({ health, isSelfRegistered, lastHeartbeatAt }: ListedAgent): number | undefined {
  const good = health.checks.findLast(({ outcome }) => outcome === 'up' || outcome === 'degraded')
  const seen = [health.seenAt, good?.at, isSelfRegistered ? lastHeartbeatAt : undefined]
  const latest = Math.max(...seen.map((at) => at ?? Number.NEGATIVE_INFINITY))
  return Number.isFinite(latest) ? latest : undefined
}

export function agentsAsJson({ agents, checkedAt, intervalMs, mayBeOffline }: AgentList, days?: Days) {
  return {
    checked_at: isoTime(checkedAt),
    check_interval_seconds: intervalMs / 1000,
    may_be_offline: mayBeOffline,
    agents: agents.map((agent) => ({
      ...agentAsJson(agent),
      ...(days && { last_24_hours: dayAsJson(days.get(agent.id)) }),
    })),
  }
}

function dayAsJson(day: Day | undefined) {
  return {
    runs: day?.runs ?? 0,
    failed: day?.failed ?? 0,
    success: day?.success ?? null,
    p50_seconds: day?.p50Seconds ?? null,
    cost_usd: day?.costUsd ?? null,
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
    credential_url: credentialUrl(id, health.reason),
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
    registered_by: isSelfRegistered ? ('self' as const) : ('hand' as const),
    registered_at: isoTime(registeredAt),
    ttl_seconds: ttlSeconds,
  }
}
