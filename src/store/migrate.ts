import { fileURLToPath } from 'node:url'
import type { Database } from 'better-sqlite3'
import type { MigrationMeta } from 'drizzle-orm/migrator'
import { readMigrationFiles } from './drizzle.ts'

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))

/**
 * Brings a file of any age, ours or the Python program's, to the current schema: one transaction that takes the write
 * lock first, so an interruption leaves nothing half done and of two dashboards that start together one waits.
 * drizzle's own migrator begins without the lock and fails on a column that is already there.
 */
export function migrate(sqlite: Database): void {
  const migrations = readMigrationFiles({ migrationsFolder })
  const applyMissing = sqlite.transaction(() => {
    sqlite.exec(
      'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at NUMERIC)',
    )
    const newest = sqlite.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get() as number | null
    for (const migration of migrations) if (migration.folderMillis > (newest ?? 0)) apply(sqlite, migration)
  })
  if (!isCurrent(sqlite, migrations)) applyMissing.immediate()
}

/** Most starts find nothing to do, and should not wait for another program's write lock to learn that. */
function isCurrent(sqlite: Database, migrations: MigrationMeta[]): boolean {
  const table = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get()
  if (!table) return false
  const newest = sqlite.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get() as number | null
  return newest !== null && newest >= migrations.at(-1)!.folderMillis
}

function apply(sqlite: Database, { sql, hash, folderMillis }: MigrationMeta): void {
  for (const statement of sql) if (!addsKnownColumn(sqlite, statement)) sqlite.exec(statement)
  sqlite.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run(hash, folderMillis)
}

/** SQLite has no ADD COLUMN IF NOT EXISTS. */
function addsKnownColumn(sqlite: Database, statement: string): boolean {
  const [, table, column] = /^\s*ALTER TABLE `(\w+)` ADD `(\w+)`/.exec(statement) ?? []
  if (!table) return false
  const columns = sqlite.pragma(`table_info(${table})`) as { name: string }[]
  return columns.some(({ name }) => name === column)
}
