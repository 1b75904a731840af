import { startServer } from '../test/support/postgres/server.ts'

/** As PostgreSQL is used: what a test may do without is on, and it has more memory than by default. */
const settings = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  autovacuum: 'on',
  wal_level: 'replica',
  max_wal_size: '4GB',
  shared_buffers: '512MB',
}

/** Starts a server in a new folder inside `folder`. Both are removed when the program ends. */
export const startBenchServer = (folder: string, more: Record<string, string> = {}) =>
  startServer(
    folder,
    Object.entries({ ...settings, ...more }).map(([name, value]) => `${name}=${value}`),
  )
