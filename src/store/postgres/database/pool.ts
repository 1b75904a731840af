import pg from 'pg'

/** A server gives a hundred connections, to all that use it. */
const maxConnections = 10
const connectMs = 10_000
const limits = {
  statement_timeout: '20s',
  lock_timeout: '10s',
  // A dashboard that stands still in a transaction holds up the others for so long.
  idle_in_transaction_session_timeout: '5s',
}

/** Connections to a database, each made when it is needed. `onLost` hears of those that end while nobody uses them. */
export function createPool(url: string, onLost: () => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'configurable-agents',
    max: maxConnections,
    connectionTimeoutMillis: connectMs,
    // Where the server is silent, after all that it may take.
    query_timeout: 30_000,
    keepAlive: true,
    onConnect: (client) => client.query(settings) as unknown as Promise<void>,
  })
  pool.on('error', onLost)
  return pool
}

/** Plans are compiled for queries far larger than ours. */
const settings = [...Object.entries(limits).map(([name, value]) => `SET ${name} = '${value}'`), 'SET jit = off'].join(
  '; ',
)
