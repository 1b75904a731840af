import Database from 'better-sqlite3'
import { systemClock } from '../src/shared/time/clock.ts'
import { openStore } from '../src/store/sqlite/file/open.ts'
import { createSearchIndex } from '../src/store/sqlite/history/search-index.ts'
import { toDatetime } from '../src/store/sqlite/sql/datetime.ts'
import { type HistorySize, placesPerMs, sampleRuns } from './sample-runs.ts'

const hourMs = 3_600_000

/** Writes sample runs with index, sums and words in bulk, without the triggers, to the same effect. */
export async function writeMillion(path: string, agentUrl: string, size: HistorySize): Promise<void> {
  const store = openStore(path, systemClock)
  // Else the program would take the words of all runs in anew, while it is measured.
  createSearchIndex(store, systemClock.elapsed).begin()
  await store.close()
  const sqlite = new Database(path)
  // Else the journal cannot be switched off.
  sqlite.unsafeMode()
  sqlite.pragma('journal_mode = OFF')
  sqlite.pragma('synchronous = OFF')
  sqlite.pragma('cache_size = -400000')
  const restore = withoutTriggersAndIndexes(sqlite)
  sqlite.exec(`
    INSERT INTO run_search (run_search, rank) VALUES ('hashsize', 67108864);
    INSERT INTO run_search (run_search, rank) VALUES ('crisismerge', 16);`)
  sqlite.transaction(() => {
    addAgents(sqlite, agentUrl, size.agents)
    addRuns(sqlite, size)
    addSums(sqlite)
  })()
  restore()
  sqlite.exec(`
    INSERT INTO run_search (run_search, rank) VALUES ('hashsize', 1048576);
    INSERT INTO run_search (run_search, rank) VALUES ('crisismerge', 1999);`)
  sqlite.pragma('journal_mode = WAL')
  sqlite.close()
}

function withoutTriggersAndIndexes(sqlite: Database.Database): () => void {
  const found = sqlite
    .prepare(
      "SELECT type, name, sql FROM sqlite_schema WHERE type = 'trigger' OR (type = 'index' AND tbl_name = 'run_index' AND sql IS NOT NULL)",
    )
    .all() as { type: string; name: string; sql: string }[]
  for (const { type, name } of found) sqlite.exec(`DROP ${type} ${name}`)
  return () => {
    for (const { sql } of found) sqlite.exec(sql)
  }
}

function addAgents(sqlite: Database.Database, agentUrl: string, agents: number): void {
  const { hostname, port } = new URL(agentUrl)
  const add = sqlite.prepare(
    `INSERT INTO agents (agent_id, agent_name, host, port, base_url, agent_metadata, last_heartbeat, ttl_seconds, registered_at)
      VALUES (?, ?, ?, ?, ?, '{}', ?, 60, ?)`,
  )
  const now = toDatetime(Date.now())
  for (let index = 0; index < agents; index++) {
    const id = `agent-${index}`
    add.run(id, `Agent ${index}`, hostname, Number(port), `${agentUrl}/agent/${id}`, now, now)
  }
}

function addRuns(sqlite: Database.Database, size: HistorySize): void {
  const addRun = sqlite.prepare(
    `INSERT INTO workflow_runs (id, workflow_name, agent_id, agent_workflow, status, inputs, outputs, error_message,
      started_at, completed_at, duration_seconds, total_tokens, total_cost_usd) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const addEntry = sqlite.prepare(
    `INSERT INTO run_index (seq, run_id, agent, agent_id, workflow, status, started_at, completed_at, duration, tokens,
      cost, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const addWords = sqlite.prepare(
    'INSERT INTO run_search (rowid, inputs, outputs, error) VALUES (CAST(? AS INTEGER), ?, ?, ?)',
  )
  for (const run of sampleRuns(size)) {
    const { id, seq, agent, agentId, workflow, status, seconds, tokens, cost, inputs, outputs, error, words } = run
    const [started, completed] = [toDatetime(run.startedAt), toDatetime(run.completedAt)]
    addRun.run(id, agent, agentId, workflow, status, inputs, outputs, error, started, completed, seconds, tokens, cost)
    addEntry.run(seq, id, agent, agentId, workflow ?? agent, status, started, completed, seconds, tokens, cost, error)
    addWords.run(seq, words.inputs, words.outputs, error ?? '')
  }
}

function addSums(sqlite: Database.Database): void {
  const numbers = `count(*), coalesce(sum(duration), 0), count(duration), coalesce(sum(tokens), 0), coalesce(sum(cost), 0)`
  const insert = (table: string, ms: number, by: string) =>
    sqlite.exec(
      `INSERT INTO ${table} SELECT seq / ${placesPerMs * ms} AS at, ${by}, ${numbers} FROM run_index GROUP BY at, ${by}`,
    )
  insert('run_hours', hourMs, 'agent, status')
  insert('run_days', 24 * hourMs, 'agent, status')
  insert('run_totals', 24 * hourMs, 'status')
}
