import { spawnSync } from 'node:child_process'

// `npm run test:cluster`: dashboards on one database, of which 500 are killed under load, or as many as KILLS says.

const args = ['node_modules/vitest/vitest.mjs', 'run', 'test/cluster', ...process.argv.slice(2)]
const env = { ...process.env, KILLS: process.env.KILLS || '500' }
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env })
process.exitCode = status ?? 1
