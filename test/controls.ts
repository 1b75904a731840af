import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { controlsOf } from './support/browser/marked-views.ts'
import type { Recorded } from './support/browser/recorded.ts'

// `npm run test:controls`: which button, menu or link does no test press with JavaScript on? Runs the tests in a browser, or
// those of the given folders, and fails where one is left.

const folder = mkdtempSync(join(tmpdir(), 'controls-'))
const file = join(folder, 'recorded')
writeFileSync(file, '')

async function runTests(): Promise<boolean> {
  const marking = new URL('support/browser/marked-views-process.ts', import.meta.url)
  const tests = process.argv.length > 2 ? process.argv.slice(2) : ['test/e2e']
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...tests], {
    stdio: 'inherit',
    env: { ...process.env, RECORDED_CONTROLS: file, NODE_OPTIONS: `--import ${marking}` },
  })
  const [code] = await once(child, 'close')
  return code === 0
}

function isEachPressed(): boolean {
  const recorded = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Recorded)
  const places = (what: Recorded['what']) =>
    new Set(recorded.filter((one) => one.what === what).map(({ from }) => from))
  const [shown, pressed, hidden] = [places('shown'), places('pressed'), places('hidden')]
  const all = globSync('views/**/*.eta')
    .flatMap((path) => controlsOf(path, readFileSync(path, 'utf8')))
    // What is only for browsers without JavaScript.
    .filter(({ from }) => shown.has(from) || !hidden.has(from))
  const left = all.filter(({ from }) => !pressed.has(from))
  console.log(`${all.length} controls in views, ${all.length - left.length} pressed.`)
  for (const { from, tag } of left) console.log(`${shown.has(from) ? 'Not pressed' : 'Never shown'}: ${from} ${tag}`)
  return left.length === 0
}

const havePassed = await runTests()
if (!isEachPressed() || !havePassed) process.exitCode = 1
rmSync(folder, { recursive: true })
