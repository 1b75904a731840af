import Database from 'better-sqlite3'

/** What SQLAlchemy makes of the Python program's models: the tables we share, and some that are its own. */
const pythonTables = `
CREATE TABLE workflow_runs (id VARCHAR(36) PRIMARY KEY NOT NULL, workflow_name VARCHAR(256) NOT NULL, status VARCHAR(32) NOT NULL,
  config_snapshot TEXT, inputs TEXT, outputs TEXT, error_message TEXT, started_at DATETIME NOT NULL, completed_at DATETIME,
  duration_seconds FLOAT, total_tokens INTEGER, total_cost_usd FLOAT, bottleneck_info TEXT);
CREATE TABLE agents (agent_id VARCHAR(255) PRIMARY KEY NOT NULL, agent_name VARCHAR(256) NOT NULL, host VARCHAR(256) NOT NULL,
  port INTEGER NOT NULL, last_heartbeat DATETIME NOT NULL, ttl_seconds INTEGER NOT NULL, agent_metadata VARCHAR(4000),
  registered_at DATETIME NOT NULL);
CREATE INDEX ix_agents_last_heartbeat ON agents (last_heartbeat);
CREATE TABLE execution_states (id INTEGER PRIMARY KEY NOT NULL, run_id VARCHAR(36) NOT NULL REFERENCES workflow_runs (id),
  node_id VARCHAR(128) NOT NULL, state_data TEXT NOT NULL, created_at DATETIME NOT NULL);
CREATE TABLE session_state (id VARCHAR(36) PRIMARY KEY NOT NULL, session_start DATETIME NOT NULL,
  dirty_shutdown INTEGER NOT NULL, active_workflows TEXT, session_data TEXT, last_updated DATETIME NOT NULL);
CREATE TABLE chat_sessions (session_id VARCHAR(36) PRIMARY KEY NOT NULL, user_identifier VARCHAR(255) NOT NULL,
  created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, generated_config TEXT, status VARCHAR(32) NOT NULL);
CREATE TABLE chat_messages (id INTEGER PRIMARY KEY NOT NULL, session_id VARCHAR(36) NOT NULL REFERENCES chat_sessions (session_id),
  role VARCHAR(32) NOT NULL, content TEXT NOT NULL, created_at DATETIME NOT NULL);
`

/** The tables whose layout we share with the Python program. */
export const sharedTables = ['workflow_runs', 'agents', 'execution_states', 'session_state'] as const

type PythonRun = {
  id: string
  workflow: string
  status: string
  inputs: string | null
  outputs: string | null
  startedAt: string
  completedAt: string | null
}

/** Runs as they are found in files of some age, by what is odd about them. `writer` is the id of an agent. */
export const pythonRuns: PythonRun[] = [
  run('repr', 'local_report', 'completed', `{'topic': "AI's", 'x': None}`, 'None', '2026-11-20 09:00:00'),
  run('nan', 'local_report', 'completed', '{"a": 1}', '{"score": NaN, "word": "NaN"}', '2026-11-20T10:00:00.123456'),
  run('millis', 'local_report', 'failed', null, null, '2026-11-20 11:00:00.123'),
  run('agent', 'writer', 'completed', '{"topic": "AI"}', '{"result": "text"}', '2026-11-20 12:00:00.123456'),
  run('running', 'local_report', 'running', 'None', null, '2026-11-20 13:00:00.000001', null),
  run('agent-running', 'writer', 'running', '{"topic": "AI"}', null, '2026-11-20 14:00:00.500000', null),
]

function run(
  id: string,
  workflow: string,
  status: string,
  inputs: string | null,
  outputs: string | null,
  startedAt: string,
  completedAt: string | null = '2026-11-20 23:59:59.999999',
): PythonRun {
  return { id, workflow, status, inputs, outputs, startedAt, completedAt }
}

/** Writes a database file at `path` as the Python program leaves one behind, odd rows and all. */
export function createPythonDatabase(path: string): void {
  const sqlite = new Database(path)
  sqlite.pragma('foreign_keys = OFF')
  sqlite.exec(pythonTables)
  for (const row of pythonRuns) insertRunAsPython(sqlite, row)
  insertAgentAsPython(sqlite, { id: 'writer', port: 8001, metadata: 'None', at: '2026-11-20 08:00:00' })
  insertAgentAsPython(sqlite, { id: 'reviewer', port: 8002, metadata: null, at: '2026-11-20T08:00:00.057758' })
  sqlite.exec(`
    INSERT INTO execution_states (run_id, node_id, state_data, created_at)
      VALUES ('repr', 'write', '{"draft": NaN}', '2026-11-20 09:00:01');
    INSERT INTO session_state (id, session_start, dirty_shutdown, active_workflows, session_data, last_updated)
      VALUES ('default', '2026-11-20 08:00:00.000000', 1, '[]', NULL, '2026-11-20 08:00:00.000000');
    INSERT INTO chat_sessions (session_id, user_identifier, created_at, updated_at, generated_config, status)
      VALUES ('chat-1', 'anna', '2026-11-20 08:00:00.000000', '2026-11-20 08:00:00.000000', NULL, 'active');
    INSERT INTO chat_messages (session_id, role, content, created_at)
      VALUES ('chat-1', 'user', 'Write me a workflow', '2026-11-20 08:00:00.000000');
  `)
  sqlite.close()
}

/** Adds a run as SQLAlchemy does: naming every column of Python's own, and no other. */
export function insertRunAsPython(sqlite: Database.Database, row: PythonRun): void {
  sqlite
    .prepare(
      `INSERT INTO workflow_runs (id, workflow_name, status, config_snapshot, inputs, outputs, error_message, started_at,
         completed_at, duration_seconds, total_tokens, total_cost_usd, bottleneck_info)
       VALUES (@id, @workflow, @status, '{}', @inputs, @outputs, NULL, @startedAt, @completedAt, 1.5, 1234, 0.0125, NULL)`,
    )
    .run(row)
}

/** Adds an agent as SQLAlchemy does. */
export function insertAgentAsPython(
  sqlite: Database.Database,
  agent: { id: string; port: number; metadata: string | null; at: string },
): void {
  sqlite
    .prepare(
      `INSERT INTO agents (agent_id, agent_name, host, port, last_heartbeat, ttl_seconds, agent_metadata, registered_at)
       VALUES (@id, upper(@id), 'localhost', @port, @at, 60, @metadata, @at)`,
    )
    .run(agent)
}

/** Columns of a table as SQLite describes them. */
export type Column = { name: string; type: string; notnull: number; dflt_value: unknown; pk: number }

export function columnsOf(sqlite: Database.Database, table: string): Column[] {
  const columns = sqlite.pragma(`table_info(${table})`) as (Column & { cid: number })[]
  return columns.map(({ cid: _, ...column }) => ({ ...column, type: column.type.toUpperCase() }))
}

/** Every value of the named columns (all, when none are named), written as SQL literals: text and type, byte for byte. */
export function rowsOf(sqlite: Database.Database, table: string, columns = columnsOf(sqlite, table)): unknown[] {
  const quoted = columns.map(({ name }) => `quote("${name}") AS "${name}"`).join(', ')
  return sqlite.prepare(`SELECT rowid AS "row", ${quoted} FROM "${table}" ORDER BY rowid`).all()
}
