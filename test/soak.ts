import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'

// `npm run test:soak`: the tests that repeat what chance decides, many times and with another seed each time.
// `npm run test:soak -- 10 runs/kill`: ten times as many, and only in files with "runs/kill" in their path.
// The seed can be given as SOAK_SEED.

const [first = '', ...rest] = process.argv.slice(2)
const isFactor = Number(first) > 0
const factor = isFactor ? first : '1'
const names = isFactor ? rest : [first, ...rest]
const seed = process.env.SOAK_SEED ?? String(Date.now() % 1_000_000)
const files = globSync('test/**/*.test.ts')
  .filter((file) => readFileSync(file, 'utf8').includes('support/endurance.ts'))
  .filter((file) => names.some((name) => file.includes(name)))

console.log(`${files.length} files, ${factor} times the usual length, seed ${seed}`)
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files], {
  stdio: 'inherit',
  env: { ...process.env, SOAK: factor, SOAK_SEED: seed },
})
process.exitCode = files.length > 0 ? (status ?? 1) : 1
