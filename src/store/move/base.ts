import pg from 'pg'
import { shownDatabase } from '../../config/database.ts'
import { MoveError } from '../../shared/errors.ts'
import { migrate, refuseOtherVersion } from '../postgres/database/migrate.ts'
import { createSession, type Session } from '../postgres/database/session.ts'
import { getState, setState } from '../postgres/database/state.ts'
import { openError } from '../postgres/faults/causes.ts'
import { createFolding } from '../postgres/runs/folding.ts'
import type { RunRow } from '../postgres/runs/record.ts'
import { deltas } from '../postgres/runs/writing.ts'
import { asc, eq, getTableColumns, getTableConfig, is, PgTable, sql } from '../postgres/sql/drizzle.ts'
import * as schema from '../postgres/sql/schema/tables.ts'
import { moveKey, refuseUnfinishedMove } from '../unfinished-move.ts'
import { type Changes, canonical } from './canonical.ts'
import { type Entity, runs } from './entities.ts'
import type { Row } from './row.ts'
import { runFromBase, runToBase } from './runs.ts'
import type { Progress, Read, Source, Target } from './side.ts'
import { behind } from './tables.ts'

const ownName = 'configurable-agents move'
/** That of dashboards. */
const dashboardName = 'configurable-agents'
const lockNumber = 4_711_007
/** A move that was killed may still hold the lock for as long as the server needs to see that. */
const lockTimeoutMs = 10_000
const maxLooks = 5

/** Throws MoveError or StoreOpenError. */
export async function openBaseSource(url: string, changes: Changes): Promise<Source> {
  const { client, name } = await connected(url)
  return orEnd(client, name, async () => {
    await refuseOtherVersion(client, name)
    refuseUnfinishedMove((await getState(createSession(client), [moveKey]))[moveKey], name)
    await refuseUse(client, name)
    // All that is read is of one moment, and nothing can be written.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return {
      ...(await sideOf(client, name, changes)),
      others: () => othersIn(client),
      async refuseUse() {
        await client.query('COMMIT')
        await refuseUse(client, name)
      },
    }
  })
}

/** Makes the tables where there are none. Throws MoveError or StoreOpenError. */
export async function openBaseTarget(url: string, changes: Changes): Promise<Target> {
  const { client, name } = await connected(url)
  return orEnd(client, name, async () => {
    await takeLock(client, name)
    await refuseUse(client, name)
    const made = await client.query<{ found: string | null }>("SELECT to_regclass('dashboard_migrations') AS found")
    if (made.rows[0]!.found === null) await migrate(client, name)
    else await refuseOtherVersion(client, name)
    return { ...(await sideOf(client, name, changes)), ...writesTo(client) }
  })
}

async function connected(url: string): Promise<{ client: pg.Client; name: string }> {
  const name = shownDatabase(url)
  const client = new pg.Client({
    connectionString: url,
    application_name: ownName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  // What fails rejects.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    throw openError(error, name)
  }
  return { client, name }
}

async function orEnd<T>(client: pg.Client, name: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    await client.end().catch(() => {})
    throw openError(error, name)
  }
}

async function takeLock(client: pg.Client, name: string): Promise<void> {
  await client.query(`SET lock_timeout = ${lockTimeoutMs}`)
  await client.query(`SELECT pg_advisory_lock(${lockNumber})`).catch((error) => {
    if (error.code !== '55P03') throw error
    throw new MoveError(`Another move into ${name} is running.`)
  })
  await client.query('SET lock_timeout = 0')
}

/** The server takes a moment to see that a dashboard has stopped. */
async function refuseUse(client: pg.Client, name: string): Promise<void> {
  for (let looks = 0; await isUsed(client); looks++) {
    if (looks === maxLooks) throw new MoveError(`A dashboard is using ${name}. Stop all that use it, then move.`)
    await client.query('SELECT pg_sleep(0.2)')
  }
}

/** A dashboard is connected, or has a lease: it may be cut off from the database for a moment. */
async function isUsed(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ isConnected: boolean; hasLeases: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1
     ) AS "isConnected", to_regclass('dashboards') IS NOT NULL AS "hasLeases"`,
    [dashboardName],
  )
  const { isConnected, hasLeases } = rows[0]!
  if (isConnected || !hasLeases) return isConnected
  const leased = await client.query(
    'SELECT FROM dashboards WHERE gone_at IS NULL AND until >= extract(epoch FROM clock_timestamp()) * 1000',
  )
  return leased.rows.length > 0
}

async function othersIn(client: pg.Client): Promise<{ name: string; rows: number }[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1',
  )
  const ours = new Set(['dashboard_migrations', ...tables.map((table) => getTableConfig(table).name)])
  const others: { name: string; rows: number }[] = []
  for (const { name } of rows.filter((table) => !ours.has(table.name))) {
    const counted = await client.query<{ count: string }>(`SELECT count(*) FROM ${client.escapeIdentifier(name)}`)
    others.push({ name, rows: Number(counted.rows[0]!.count) })
  }
  return others
}

const tables = Object.values<unknown>(schema).filter((one): one is PgTable => is(one, PgTable))

async function sideOf(client: pg.Client, name: string, changes: Changes) {
  const session = createSession(client)
  const { db } = session
  const oid = await session.first<{ oid: number }>(
    sql`SELECT oid::int AS oid FROM pg_database WHERE datname = current_database()`,
  )

  async function rowsOf({ base: table, key, inBase }: Entity, after: unknown[] | null, max: number): Promise<Row[]> {
    const columns = getTableColumns(table)
    const order = key.map((one) => {
      const column = columns[one]!
      // By its bytes, as SQLite does.
      return column.getSQLType().startsWith('text') ? sql`${column} COLLATE "C"` : sql`${column}`
    })
    const where = behind({ columns: order, after, where: inBase })
    return db
      .select()
      .from(table)
      .where(where)
      .orderBy(...order)
      .limit(max)
  }

  const runsAfter = async (after: unknown[] | null, max: number): Promise<Row[]> => {
    const found = await db
      .select({ run: schema.runs, texts: schema.runTexts })
      .from(schema.runs)
      .innerJoin(schema.runTexts, eq(schema.runTexts.runId, schema.runs.id))
      .where(after ? sql`seq > ${after[0]}` : sql`true`)
      .orderBy(asc(schema.runs.seq))
      .limit(max)
    return found.map((row) => runFromBase(row as RunRow))
  }

  return {
    name,
    identity: `${name} ${oid!.oid}`,

    async count({ base: table, inBase = 'true' }: Entity) {
      const counted = await session.first<{ rows: number }>(
        sql`SELECT count(*) AS rows FROM ${table} WHERE ${sql.raw(inBase)}`,
      )
      return counted!.rows
    },

    async read({ entity, after, max }: Read) {
      const found = entity === runs ? await runsAfter(after, max) : await rowsOf(entity, after, max)
      return found.map(({ digest: _, ...row }) => canonical(row, changes))
    },

    close: () => client.end(),
  }
}

function writesTo(client: pg.Client): Pick<Target, 'progress' | 'add' | 'keep' | 'finish'> {
  const session = createSession(client)

  async function inTransaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    await client.query('BEGIN')
    try {
      const value = await work(session)
      await client.query('COMMIT')
      return value
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    }
  }

  async function addRuns(rows: Row[]): Promise<void> {
    const moved = rows.map(runToBase)
    await session.db.insert(schema.runs).values(moved.map(({ run }) => run) as (typeof schema.runs.$inferInsert)[])
    await session.db
      .insert(schema.runTexts)
      .values(moved.map(({ texts }) => texts) as (typeof schema.runTexts.$inferInsert)[])
    const places = sql`seq = ANY(${sql.param(rows.map(({ seq }) => seq))}::bigint[])`
    await session.run(
      deltas(sql`SELECT 1 AS sign, seq, agent, status, duration, tokens, cost FROM runs WHERE ${places}`),
    )
    await session.run(sql`INSERT INTO run_search_queue SELECT seq FROM runs WHERE ${places}`)
  }

  const keep = (progress: Progress) => setState(session, moveKey, JSON.stringify(progress))

  return {
    async progress() {
      const kept = (await getState(session, [moveKey]))[moveKey]
      return kept === undefined ? undefined : JSON.parse(kept)
    },

    keep,

    add: (entity, rows, progress) =>
      inTransaction(async () => {
        if (entity === runs) await addRuns(rows)
        else await session.db.insert(entity.base).values(rows.map((row) => entity.toBase?.(row) ?? row))
        await keep(progress)
      }),

    async finish() {
      await createFolding({ write: inTransaction }).fold()
      for (const table of tables) {
        const { name, columns } = getTableConfig(table)
        for (const column of columns.filter((one) => one.getSQLType() === 'bigserial')) {
          const [of, from] = [sql.raw(`"${column.name}"`), sql.raw(`"${name}"`)]
          await session.run(sql`
            SELECT setval(pg_get_serial_sequence(${name}, ${column.name}), coalesce(max(${of}), 0) + 1, false) FROM ${from}`)
        }
        await session.run(sql`ANALYZE ${sql.raw(`"${name}"`)}`)
      }
    },
  }
}
