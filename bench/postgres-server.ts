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

const listOf = (all: Record<string, string>) => Object.entries(all).map(([name, value]) => `${name}=${value}`)

/** Starts a server in a new folder inside `folder`. Both are removed when the program ends. */
export const startBenchServer = (folder: string, more: Record<string, string> = {}) =>
  startServer(folder, listOf({ ...settings, ...more }))

/** Starts one whose data are in a folder, or will be, and stay there. */
export const startKeptServer = (folder: string, more: Record<string, string> = {}) =>
  startServer(folder, ['keep', ...listOf({ ...settings, ...more })])

/** While it is filled: nobody but the bench is there, and what a crash took would be made again. */
export const whileFilled = {
  ...{ fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', autovacuum: 'off' },
  ...{ wal_level: 'minimal', max_wal_senders: '0', max_wal_size: '8GB' },
}
