import { spawnSync } from 'node:child_process'

// `npm run test:kill -- 500`: the kill test with more cycles, and each time with other instants.

const cycles = process.argv[2] ?? '500'
const seed = process.argv[3] ?? String(Date.now() % 1_000_000)
console.log(`${cycles} cycles with seed ${seed}`)
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/e2e/kill.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, KILL_CYCLES: cycles, KILL_SEED: seed },
})
process.exitCode = status ?? 1
