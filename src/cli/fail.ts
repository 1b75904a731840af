import { isPostgres } from '../config/database.ts'
import { ConfigError } from '../config.ts'

export function fail(error: unknown, isExpected: boolean): never {
  console.error(isExpected ? (error as Error).message : error)
  process.exit(1)
}

/** PostgreSQL is copied by its own programs. */
export function refusePostgres(db: string): void {
  if (!isPostgres(db)) return
  throw new ConfigError('This command is for SQLite files. Use pg_dump and pg_restore for a PostgreSQL database.')
}
