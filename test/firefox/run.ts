import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

// `npm run test:firefox`: walks the main job, and what other browsers do in their own way, in Firefox over WebDriver BiDi.
// FIREFOX_PATH names the program; without it, one on the path is taken.

const names = ['firefox', 'firefox-esr', 'firefox.exe']
const folders = [...(process.env.PATH ?? '').split(delimiter), '/Applications/Firefox.app/Contents/MacOS']
const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file))
const firefox = process.env.FIREFOX_PATH || onPath

if (!firefox || !existsSync(firefox)) {
  const missing = firefox ? `There is no ${firefox}.` : 'Firefox was not found.'
  console.error(`${missing} Install Firefox, or set FIREFOX_PATH to its program, then run npm run test:firefox again.`)
  process.exitCode = 1
} else {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/firefox/vitest.config.ts']
  const { status } = spawnSync(process.execPath, [...args, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, FIREFOX_PATH: firefox },
  })
  process.exitCode = status ?? 1
}
