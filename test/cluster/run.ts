import { spawnSync } from 'node:child_process'

// `npm run test:cluster`: dashboards on one database, of which 500 are killed under load, or as many as KILLS says. Others
// lose the database, or stand still. Then the tests that go through the front door, once more on PostgreSQL.

type Part = { name: string; hasPassed: boolean; seconds: number }

function run(name: string, args: string[], env: Record<string, string>): Part {
  const all = ['node_modules/vitest/vitest.mjs', 'run', ...args, ...process.argv.slice(2)]
  const begunAt = performance.now()
  const { status } = spawnSync(process.execPath, all, { stdio: 'inherit', env: { ...process.env, ...env } })
  return { name, hasPassed: status === 0, seconds: Math.round((performance.now() - begunAt) / 1000) }
}

const parts = [
  run('test/cluster', ['test/cluster'], { KILLS: process.env.KILLS || '500' }),
  run('the front door on PostgreSQL', [], { CONFIGURABLE_AGENTS_TEST_STORE: 'postgres' }),
]
const havePassed = parts.every(({ hasPassed }) => hasPassed)
const told = parts.map(({ name, hasPassed, seconds }) => `${name} ${hasPassed ? 'passed' : 'FAILED'} in ${seconds} s`)
process.stdout.write(`test:cluster ${havePassed ? 'passed' : 'FAILED'}: ${told.join(', ')}.\n`)
process.exitCode = havePassed ? 0 : 1
