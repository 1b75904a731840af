import { expect, test } from 'vitest'
import { memoryFlags } from '../../bin/memory-limits.js'
import { startProgram } from '../support/process.ts'

const program = `import { restartWithMemoryLimits } from './bin/memory-limits.js'
restartWithMemoryLimits()
console.log(process.execArgv.join(' '))`

/** How often each flag was given to the process that goes on. */
async function flagsOf(options: string[], env: Record<string, string> = {}) {
  const started = startProgram([...options, '--input-type=module', '--eval', program], { NODE_OPTIONS: '', ...env })
  expect(await started.ended, started.output()).toBe(0)
  return memoryFlags.map((flag) => started.output().split(flag).length - 1)
}

test('the program goes on with its limits', async () => {
  expect(await flagsOf([])).toEqual([1])
})

test.each([
  ['limits are given', ['--max-semi-space-size=16'], {}],
  ['limits are given in the environment', [], { NODE_OPTIONS: '--max-semi-space-size=16' }],
  ['permissions forbid to begin again', ['--permission', '--allow-fs-read=*'], {}],
  ['the path of Node is not known', ['--import', 'data:text/javascript,process.execPath="node"'], {}],
])('it goes on as it is where %s', async (_, options, env) => {
  expect(await flagsOf(options, env)).toEqual([0])
})
