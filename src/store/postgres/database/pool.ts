import pg from 'pg'
import { addressFor } from './address.ts'
import { dashboardName, useOwnSettings } from './client.ts'

/** A server gives a hundred connections, to all that use it. */
const pools = {
  usual: { connections: 10, connectMs: 10_000, statementMs: 20_000, lockMs: 10_000 },
  /** What cannot wait behind all that people and runs ask for. */
  urgent: { connections: 3, connectMs: 5000, statementMs: 5000, lockMs: 4000 },
}
/** A dashboard that stands still in a transaction holds up the others for so long. */
const idleInTransactionMs = 5000
/** Where the server is silent, after all that a statement may take. */
const silenceMs = 2500
/** The system's own is two hours. */
const keepAliveMs = 10_000

/** Connections to a database, each made when it is needed. `onLost` hears of those that end while nobody uses them. */
export function createPool(url: string, onLost: () => void, kind: keyof typeof pools = 'usual'): pg.Pool {
  const { connections, connectMs, statementMs, lockMs } = pools[kind]
  // To compile a plan, or to start processes for it, takes longer than our queries do; and of an index that begins as
  // the order does, PostgreSQL would sort more rows than the right one leads to.
  const settings = `; SET statement_timeout = ${statementMs}; SET lock_timeout = ${lockMs};
    SET idle_in_transaction_session_timeout = ${idleInTransactionMs};
    SET jit = off; SET max_parallel_workers_per_gather = 0; SET enable_incremental_sort = off`
  const pool = new pg.Pool({
    connectionString: addressFor(url),
    max: connections,
    connectionTimeoutMillis: connectMs,
    query_timeout: statementMs + silenceMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    onConnect: (client) => useOwnSettings(client, dashboardName, settings),
  })
  pool.on('error', onLost)
  return pool
}
