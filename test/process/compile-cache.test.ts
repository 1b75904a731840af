import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProgram } from '../support/process.ts'
import { temporaryFolder } from '../support/temporary.ts'

const command = ['bin/configurable-agents.js', '--version']

async function versionWith(env: Record<string, string>): Promise<void> {
  const started = startProgram(command, { NODE_COMPILE_CACHE: '', XDG_CACHE_HOME: '', ...env })
  expect([await started.ended, started.output()]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\s*$/)])
}

test('what was compiled is kept in a folder of the user', async () => {
  const [home, cache, common] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
  await versionWith({ HOME: home, TMPDIR: common })
  expect(readdirSync(join(home, '.cache/configurable-agents'))).not.toEqual([])
  await versionWith({ HOME: home, XDG_CACHE_HOME: cache, TMPDIR: common })
  expect(readdirSync(join(cache, 'configurable-agents'))).not.toEqual([])
  expect(readdirSync(common)).toEqual([])
})

test('the folder that is named is used, and a home that cannot be written is none', async () => {
  const [home, named] = [temporaryFolder(), temporaryFolder()]
  await versionWith({ HOME: home, NODE_COMPILE_CACHE: named })
  expect(readdirSync(named)).not.toEqual([])
  expect(existsSync(join(home, '.cache'))).toBe(false)
  await versionWith({ HOME: '/dev/null' })
})
