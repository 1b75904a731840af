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

/** Makes objects that live long, then more of the same kind for a moment; tells how often those were collected, by kind. */
const forgetful = `import { constants, PerformanceObserver } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { limitMemoryAfterStart } from './bin/memory-limits.js'
limitMemoryAfterStart()
let collected = 0
const isOfYoung = ({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MINOR
const observer = new PerformanceObserver((list) => { collected += list.getEntries().filter(isOfYoung).length })
observer.observe({ type: 'gc' })
for (let kind = 0; kind < 5; kind++) {
  const make = new Function('number', 'return [number, [number]]')
  const kept = []
  const inRounds = async (rounds, keep) => {
    for (let round = 0; round < rounds; round++, await setImmediate())
      for (let number = 0; number < 20_000; number++) keep(number)
  }
  await inRounds(30, (number) => kept.push(make(number)))
  collected = 0
  await inRounds(60, (number) => { kept[number] = make(number) })
  console.log(collected)
}`

test('objects stay among the young ones after others of their kind have lived long', { timeout: 60_000 }, async () => {
  const started = startProgram([...memoryFlags, '--input-type=module', '--eval', forgetful], { NODE_OPTIONS: '' })
  expect(await started.ended, started.output()).toBe(0)
  const collected = started.output().trim().split('\n').map(Number)
  expect(collected).toHaveLength(5)
  expect(Math.min(...collected), started.output()).toBeGreaterThan(30)
})
