import type { MigrationMeta } from 'drizzle-orm/migrator'
import type pg from 'pg'
import { codeFile } from '../../../folders.ts'
import { StoreOpenError } from '../../../shared/errors.ts'
import { readMigrationFiles, sql } from '../sql/drizzle.ts'
import type { Session } from './session.ts'

const migrationsFolder = codeFile('store/postgres/migrations')

const oldestVersion = 14
/** Of transactions that migrate: two dashboards may be started at the same moment. */
const lockNumber = 4_711_001
const table = 'dashboard_migrations'
const lockTimeoutMs = 60_000

/** Makes the tables, or brings them up to date; one dashboard at a time. Throws StoreOpenError. */
export async function migrate(client: pg.Client, database: string): Promise<void> {
  await refuseServer(client, database)
  const known = readMigrationFiles({ migrationsFolder })
  const newest = await newestOf(client)
  refuseNewer(newest, known, database)
  for (const migration of known) if (migration.folderMillis > newest) await apply(client, migration, known, database)
}

/** For whoever may not change it. Throws StoreOpenError where the tables are not those of this version. */
export async function refuseOtherVersion(client: pg.Client, database: string): Promise<void> {
  const known = readMigrationFiles({ migrationsFolder })
  const newest = await newestOf(client)
  refuseNewer(newest, known, database)
  if (newest === known.at(-1)!.folderMillis) return
  throw new StoreOpenError(
    newest === 0
      ? `${database} is no database of this dashboard.`
      : `${database} is of an older version. Start this version of the dashboard on it once, and stop it.`,
  )
}

async function refuseServer(client: pg.Client, database: string): Promise<void> {
  const { rows } = await client.query<{ version: number; name: string; encoding: string }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_version') AS name,
       current_setting('server_encoding') AS encoding`,
  )
  const { version, name, encoding } = rows[0]!
  if (version < oldestVersion) {
    throw new StoreOpenError(
      `${database} is on PostgreSQL ${name}. The dashboard needs PostgreSQL ${oldestVersion} or newer.`,
    )
  }
  if (encoding !== 'UTF8') {
    throw new StoreOpenError(
      `${database} keeps texts as ${encoding}. Create the database with ENCODING 'UTF8' and start again.`,
    )
  }
}

/** To be asked as the program starts: later, files of another version may be in this place. */
export const newestKnown = (): number => readMigrationFiles({ migrationsFolder }).at(-1)!.folderMillis

/** Whether a newer version has changed the tables since then. */
export async function isOutdated({ first }: Pick<Session, 'first'>, known: number): Promise<boolean> {
  const found = await first<{ newest: number }>(sql.raw(`SELECT max(made_at) AS newest FROM ${table}`))
  return found!.newest > known
}

/** When the newest migration of the database was made, in milliseconds since 1970; 0 where there is none. */
async function newestOf(client: pg.Client): Promise<number> {
  // Read from the catalogue itself: what to_regclass once did not find, it may not find for the rest of a transaction.
  const { rowCount } = await client.query(
    `SELECT FROM pg_tables WHERE tablename = '${table}' AND schemaname = ANY(current_schemas(false))`,
  )
  if (rowCount === 0) return 0
  const made = await client.query<{ newest: string | null }>(`SELECT max(made_at) AS newest FROM ${table}`)
  return Number(made.rows[0]!.newest ?? 0)
}

function refuseNewer(newest: number, known: MigrationMeta[], database: string): void {
  if (newest <= known.at(-1)!.folderMillis) return
  throw new StoreOpenError(
    `A newer version of the dashboard has changed the tables of ${database}. Use that version, or a newer one.`,
  )
}

/** Tables of extensions are of nobody. */
async function refuseForeign(client: pg.Client, database: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = to_regnamespace(quote_ident(current_schema())) AND relkind IN ('r', 'p') AND NOT EXISTS (
       SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
     ORDER BY relname LIMIT 1`,
  )
  const [table] = rows
  if (!table) return
  throw new StoreOpenError(
    `${database} is a database of another program, with the table "${table.name}". It was not changed; create one for the dashboard alone.`,
  )
}

async function apply(
  client: pg.Client,
  migration: MigrationMeta,
  known: MigrationMeta[],
  database: string,
): Promise<void> {
  await client.query(`BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}`)
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${lockNumber})`)
    const newest = await newestOf(client)
    refuseNewer(newest, known, database)
    if (newest === 0) await refuseForeign(client, database)
    if (newest < migration.folderMillis) {
      for (const statement of migration.sql) await client.query(statement)
      await client.query(
        `CREATE TABLE IF NOT EXISTS ${table} (made_at bigint PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
      )
      await client.query(`INSERT INTO ${table} (made_at, hash) VALUES ($1, $2)`, [
        migration.folderMillis,
        migration.hash,
      ])
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
