import { existsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { StoreOpenError } from '../../../shared/errors.ts'
import { knownMigrations, newestMigration } from './migrate.ts'

/** Tables of every version of the Python program, with columns that all of them have. */
const pythonTables: Record<string, string[]> = {
  workflow_runs: ['id', 'workflow_name', 'status', 'started_at'],
  agents: ['agent_id', 'agent_name', 'host', 'port', 'last_heartbeat', 'ttl_seconds', 'registered_at'],
  execution_states: ['id', 'run_id', 'node_id', 'state_data', 'created_at'],
  session_state: ['id', 'session_start', 'dirty_shutdown', 'last_updated'],
  orchestrators: [],
  chat_sessions: [],
  chat_messages: [],
  webhook_events: [],
  memory_records: [],
  workflow_registrations: [],
}

/** Refuses another program's file, and one of a newer dashboard. `name` is what the person calls it. */
export function refuseForeignFile(file: string, timeout: number, name = file): void {
  if (!existsSync(file) || statSync(file).size === 0) return
  // A read-only connection leaves a -wal and a -shm file behind; a writing one would apply what others left.
  const isLeftOpen = existsSync(`${file}-wal`) || existsSync(`${file}-journal`)
  const reader = new Database(file, { readonly: isLeftOpen, fileMustExist: true, timeout })
  try {
    const reason = foreignness(reader)
    if (reason) throw new StoreOpenError(`${name} ${reason} It was not changed; use another --db file.`)
  } finally {
    reader.close()
  }
}

function foreignness(reader: Database.Database): string | undefined {
  const tables = reader
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'")
    .pluck()
    .all()
  if (!tables.includes('workflow_runs') && tables.includes('executions') && tables.includes('deployments'))
    return 'belongs to a newer generation of configurable-agents that this dashboard cannot read.'
  const known = tables.filter((table) => pythonTables[table] !== undefined)
  if (tables.length > 0 && known.length === 0) return `is a database of another program, with the table "${tables[0]}".`
  const other = known.find((table) => !hasColumns(reader, table))
  if (other !== undefined) return `is a database of another program, with another table "${other}".`
  if ((newestMigration(reader) ?? 0) > knownMigrations().at(-1)!.folderMillis)
    return 'was used by a newer version of this dashboard, which this one cannot read.'
  return undefined
}

function hasColumns(reader: Database.Database, table: string): boolean {
  const columns = (reader.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name)
  return pythonTables[table]!.every((column) => columns.includes(column))
}
