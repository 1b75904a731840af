import { isPostgres } from '../config/database.ts'
import { ConfigError } from '../config.ts'
import { CommandError } from './exit-codes.ts'

/** Ends the program at once, whatever it has begun. */
export function fail(error: unknown, isExpected: boolean): never {
  console.error(isExpected ? (error as Error).message : error)
  process.exit(1)
}

/** What a command is to throw: a sentence for what is expected, else the error itself. */
export function failure(error: unknown, isExpected: boolean): unknown {
  return isExpected ? new CommandError((error as Error).message) : error
}

/** PostgreSQL is copied by its own programs. */
export function refusePostgres(db: string): void {
  if (!isPostgres(db)) return
  throw new ConfigError('This command is for SQLite files. Use pg_dump and pg_restore for a PostgreSQL database.')
}
