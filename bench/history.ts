import Database from 'better-sqlite3'
import { systemClock } from '../src/shared/time/clock.ts'
import { openStore } from '../src/store/sqlite/file/open.ts'
import { toDatetime } from '../src/store/sqlite/sql/datetime.ts'

const statuses = ['completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'failed', 'lost']
const minuteMs = 60_000

/** A database with `runs` runs of so many agents, all of which answer under `agentUrl`. */
export async function writeHistory(path: string, runs: number, agentUrl: string, agents = 20): Promise<void> {
  await openStore(path, systemClock).close()
  const sqlite = new Database(path)
  const now = Date.now()
  const addRun = sqlite.prepare(
    `INSERT INTO workflow_runs (id, workflow_name, agent_id, agent_workflow, status, inputs, outputs, started_at,
      completed_at, duration_seconds, total_tokens, total_cost_usd) VALUES (?, ?, ?, 'echo', ?, ?, ?, ?, ?, 4.2, 1200, 0.0024)`,
  )
  const addAgent = sqlite.prepare(
    `INSERT INTO agents (agent_id, agent_name, host, port, base_url, last_heartbeat, ttl_seconds, registered_at)
      VALUES (?, ?, ?, ?, ?, ?, 60, ?)`,
  )
  const inputs = JSON.stringify({ topic: 'x'.repeat(200) })
  const outputs = JSON.stringify({ result: 'y'.repeat(800) })
  sqlite.transaction(() => {
    for (let index = 0; index < agents; index++) {
      const { hostname, port } = new URL(agentUrl)
      const id = `agent-${index}`
      addAgent.run(
        id,
        `Agent ${index}`,
        hostname,
        Number(port),
        `${agentUrl}/agent/${id}`,
        toDatetime(now),
        toDatetime(now),
      )
    }
    for (let index = 0; index < runs; index++) {
      const startedAt = now - index * minuteMs
      const agent = `agent-${index % agents}`
      const id = `01980000-0000-7000-8000-${String(index).padStart(12, '0')}`
      const status = statuses[index % statuses.length]!
      addRun.run(id, agent, agent, status, inputs, outputs, toDatetime(startedAt), toDatetime(startedAt + 4200))
    }
  })()
  sqlite.close()
}
