import type pg from 'pg'
import { shownDatabase } from '../../config/database.ts'
import { MoveError } from '../../shared/errors.ts'
import { connectClient, dashboardName } from '../postgres/database/client.ts'
import { migrate, refuseOtherVersion } from '../postgres/database/migrate.ts'
import { createSession } from '../postgres/database/session.ts'
import { getState } from '../postgres/database/state.ts'
import { openError } from '../postgres/faults/causes.ts'
import { getTableConfig } from '../postgres/sql/drizzle.ts'
import { moveKey, refuseUnfinishedMove } from '../unfinished-move.ts'
import { baseSide, baseTables, baseWrites } from './base-rows.ts'
import type { Changes } from './canonical.ts'
import type { Source, Target } from './side.ts'

const ownName = 'configurable-agents move'
const lockNumber = 4_711_007
/** A move that was killed may still hold the lock for as long as the server needs to see that. */
const lockTimeoutMs = 10_000
const maxLooks = 5

export async function openBaseSource(url: string, changes: Changes): Promise<Source> {
  const { client, name } = await connected(url)
  return orEnd(client, name, async () => {
    await refuseOtherVersion(client, name)
    refuseUnfinishedMove((await getState(createSession(client), [moveKey]))[moveKey], name)
    await refuseUse(client, name)
    // All that is read is of one moment, and nothing can be written.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return {
      ...(await baseSide(client, name, changes)),
      others: () => othersIn(client),
      async refuseUse() {
        await client.query('COMMIT')
        await refuseUse(client, name)
      },
    }
  })
}

/** Makes the baseTables where there are none. Throws MoveError or StoreOpenError. */
export async function openBaseTarget(url: string, changes: Changes): Promise<Target> {
  const { client, name } = await connected(url)
  return orEnd(client, name, async () => {
    await takeLock(client, name)
    await refuseUse(client, name)
    const made = await client.query<{ found: string | null }>("SELECT to_regclass('dashboard_migrations') AS found")
    if (made.rows[0]!.found === null) await migrate(client, name)
    else await refuseOtherVersion(client, name)
    return { ...(await baseSide(client, name, changes)), ...baseWrites(client) }
  })
}

async function connected(url: string): Promise<{ client: pg.Client; name: string }> {
  const name = shownDatabase(url)
  try {
    return { client: await connectClient(url, ownName), name }
  } catch (error) {
    throw openError(error, name)
  }
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
  const ours = new Set(['dashboard_migrations', ...baseTables.map((table) => getTableConfig(table).name)])
  const others: { name: string; rows: number }[] = []
  for (const { name } of rows.filter((table) => !ours.has(table.name))) {
    const counted = await client.query<{ count: string }>(`SELECT count(*) FROM ${client.escapeIdentifier(name)}`)
    others.push({ name, rows: Number(counted.rows[0]!.count) })
  }
  return others
}
