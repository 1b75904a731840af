import { spawnSync } from 'node:child_process'

// `npm run test:cluster`: dashboards on one database, of which 500 are killed under load, or as many as KILLS says. Others
// lose the database, or stand still. Then the tests that go through the front door, once more on PostgreSQL.

function run(args: string[], env: Record<string, string>): number {
  const all = ['node_modules/vitest/vitest.mjs', 'run', ...args, ...process.argv.slice(2)]
  const { status } = spawnSync(process.execPath, all, { stdio: 'inherit', env: { ...process.env, ...env } })
  return status ?? 1
}

const cluster = run(['test/cluster'], { KILLS: process.env.KILLS || '500' })
const frontDoor = run([], { CONFIGURABLE_AGENTS_TEST_STORE: 'postgres' })
process.exitCode = cluster || frontDoor
