import { spawn } from 'node:child_process'
import { once } from 'node:events'

// `npm test`: the checks beside the tests, which often wait. Once a check has failed, the tests end; what else is given is for vitest.

function start(script: string, ...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' })
  return { child, ended: once(child, 'close').then(([code]) => code === 0) }
}

const checks = start('test/check.ts')
const tests = start('node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2))
const areGood = await checks.ended
if (!areGood) tests.child.kill('SIGINT')
const havePassed = await tests.ended
if (!areGood || !havePassed) process.exitCode = 1
