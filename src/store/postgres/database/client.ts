import pg from 'pg'
import { addressFor } from './address.ts'

/** Tells dashboards from other programs. */
export const dashboardName = 'configurable-agents'

const newLimits = "'idle_session_timeout', 'transaction_timeout'"

/** What our statements count on, whatever the address, the role or the database sets for whoever comes. */
const ownSettings = `
  SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;
  SET default_transaction_isolation = 'read committed'; SET standard_conforming_strings = on;
  SET extra_float_digits = 1; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY';
  SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN (${newLimits})`

type Client = Pick<pg.ClientBase, 'query'>

/** By `name` it is known to others. */
export async function useOwnSettings(client: Client, name: string, more = ''): Promise<void> {
  await client.query(`SET application_name = '${name}'; ${ownSettings}${more}`)
}

/** A connection that waits for its statements as long as they take, or for `answerMs`. */
export async function connectClient(url: string, name = dashboardName, answerMs?: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: addressFor(url),
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(answerMs && { query_timeout: answerMs }),
  })
  // What fails rejects; what ends unasked is seen by whoever listens for that.
  client.on('error', () => {})
  try {
    await client.connect()
    await useOwnSettings(client, name)
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}
