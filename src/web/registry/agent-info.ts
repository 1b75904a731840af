import type { RegisteredAgent } from '../../orchestrator/registry/agent.ts'

/** AgentInfo of the Python program's registry. */
export function agentInfo(agent: RegisteredAgent) {
  return {
    agent_id: agent.id,
    agent_name: agent.name,
    host: agent.host,
    port: agent.port,
    is_alive: agent.isAlive,
    last_heartbeat: naiveTime(agent.lastHeartbeatAt),
    registered_at: naiveTime(agent.registeredAt),
    ttl_seconds: agent.ttlSeconds,
    metadata: agent.metadata,
  }
}

/** Naive UTC with microseconds, `2026-11-22T16:14:30.057000`. */
export function naiveTime(at: number): string | null {
  return Number.isFinite(at) ? `${new Date(at).toISOString().slice(0, 23)}000` : null
}
