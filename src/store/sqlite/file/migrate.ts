import type { Database } from 'better-sqlite3'
import type { MigrationMeta } from 'drizzle-orm/migrator'
import { codeFile } from '../../../folders.ts'
import { readMigrationFiles } from '../sql/drizzle.ts'
import { hasOwnTriggers, makeTriggers } from './triggers.ts'

const migrationsFolder = codeFile('store/sqlite/migrations')

/** Columns of the Python program that not every version of it had. */
const laterColumns: [table: string, column: string, type: string][] = [
  ['workflow_runs', 'config_snapshot', 'TEXT'],
  ['workflow_runs', 'inputs', 'TEXT'],
  ['workflow_runs', 'outputs', 'TEXT'],
  ['workflow_runs', 'error_message', 'TEXT'],
  ['workflow_runs', 'completed_at', 'DATETIME'],
  ['workflow_runs', 'duration_seconds', 'FLOAT'],
  ['workflow_runs', 'total_tokens', 'INTEGER'],
  ['workflow_runs', 'total_cost_usd', 'FLOAT'],
  ['workflow_runs', 'bottleneck_info', 'TEXT'],
  ['agents', 'agent_metadata', 'VARCHAR(4000)'],
]

let migrations: MigrationMeta[] | undefined

export function knownMigrations(): MigrationMeta[] {
  migrations ??= readMigrationFiles({ migrationsFolder })
  return migrations
}

/** In one transaction. drizzle's own migrator begins without the write lock and fails on a column that exists. */
export function migrate(sqlite: Database): void {
  const applyMissing = sqlite.transaction(() => {
    sqlite.exec(
      'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at NUMERIC)',
    )
    for (const [table, column, type] of missingColumns(sqlite))
      sqlite.exec(`ALTER TABLE "${table}" ADD "${column}" ${type}`)
    const newest = newestMigration(sqlite) ?? 0
    for (const migration of knownMigrations()) if (migration.folderMillis > newest) apply(sqlite, migration)
    if (!hasOwnTriggers(sqlite)) makeTriggers(sqlite)
  })
  if (!isCurrent(sqlite)) applyMissing.immediate()
}

/** When the newest migration of the file was made, in milliseconds since 1970. */
export function newestMigration(sqlite: Database): number | undefined {
  const table = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get()
  if (!table) return undefined
  const newest = sqlite.prepare<[], number | null>('SELECT max(created_at) FROM __drizzle_migrations').pluck().get()
  return newest ?? undefined
}

/** A start with nothing to do should not wait for another program's write lock. */
function isCurrent(sqlite: Database): boolean {
  const newest = newestMigration(sqlite) ?? 0
  const isMigrated = newest >= knownMigrations().at(-1)!.folderMillis
  return isMigrated && missingColumns(sqlite).length === 0 && hasOwnTriggers(sqlite)
}

function apply(sqlite: Database, { sql, hash, folderMillis }: MigrationMeta): void {
  for (const statement of sql) if (!addsKnownColumn(sqlite, statement)) sqlite.exec(statement)
  sqlite.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run(hash, folderMillis)
}

function missingColumns(sqlite: Database) {
  return laterColumns.filter(([table, column]) => {
    const columns = columnsOf(sqlite, table)
    return columns.length > 0 && !columns.includes(column)
  })
}

/** SQLite has no ADD COLUMN IF NOT EXISTS. */
function addsKnownColumn(sqlite: Database, statement: string): boolean {
  const [, table, column] = /^\s*ALTER TABLE `(\w+)` ADD `(\w+)`/.exec(statement) ?? []
  return table !== undefined && columnsOf(sqlite, table).includes(column!)
}

function columnsOf(sqlite: Database, table: string): string[] {
  return (sqlite.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name)
}
