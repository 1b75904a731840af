import type { agents } from '../../src/store/sqlite/sql/schema/agents.ts'
import { type DemoAgent, urlOf } from '../fleet/agents.ts'

const dayMs = 86_400_000

/** An agent of the demo as it is registered. The scraper registered itself with the Python program's client. */
export function agentRow(agent: DemoAgent, now: number): typeof agents.$inferInsert {
  const { id, name, description, port, registeredDaysAgo, condition } = agent
  const { workflow, inputs, outputs } = agent.workflow
  const registeredAt = Math.round(now - registeredDaysAgo * dayMs)
  return {
    agentId: id,
    agentName: name,
    host: '127.0.0.1',
    port,
    baseUrl: urlOf(agent),
    ttlSeconds: 60,
    agentMetadata: JSON.stringify({ description }),
    registeredBy: 'hand',
    registeredAt,
    lastHeartbeat: registeredAt,
    lastSchema: JSON.stringify({ workflow, inputs, outputs }),
    pausedAt: condition.kind === 'paused' ? now - condition.forMs : null,
  }
}
