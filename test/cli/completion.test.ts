import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { cli } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'

const complete = async (...words: string[]) =>
  (await cli(['complete', '--', 'configurable-agents', ...words])).out.split('\n').filter(Boolean)

test('commands, their options and the values of these are completed', async () => {
  expect(await complete('ru')).toEqual(['run', 'runs'])
  expect(await complete('runs', 'c')).toEqual(['cancel'])
  expect(await complete('agents', 'list', '--')).toEqual(['--help', '--json', '--token', '--url'])
  expect(await complete('runs', 'list', '--agent', 'x', '--status', 'c')).toEqual(['cancelled', 'completed'])
  expect(await complete('completion', '')).toEqual(['bash', 'fish', 'zsh'])
  expect(await complete('ui', '--p')).toEqual(['--port', '--public-url'])
  expect(await complete('nothing', '')).toEqual([])
  expect(await complete('')).not.toContain('complete')
})

test('agents, their inputs and runs are completed from the dashboard, but no name that a shell would expand', async () => {
  const { url } = await openDashboard()
  const agent = await startAgent()
  for (const id of ['writer', 'writer$(date)', 'wri ter'])
    await cli(['agents', 'register', agent.url, '--id', id, '--name', 'W', '--url', url])
  expect(await complete('run', '--url', url, 'wr')).toEqual(['writer'])
  expect(await complete('runs', 'list', '--url', url, '--agent', '')).toEqual(['writer'])
  const { out } = await cli(['run', 'writer', '--topic', 'a', '--url', url])
  expect(await complete('run', 'writer', '--url', url, '--t')).toEqual(['--tags', '--token', '--topic'])
  expect(await complete('runs', 'show', '--url', url, '')).toEqual([out.trim()])
})

test('without a dashboard nothing is completed, and nothing is said', async () => {
  expect(await cli(['complete', '--', 'configurable-agents', 'run', '--url', 'http://127.0.0.1:9', ''])).toEqual({
    code: 0,
    out: '',
    err: '',
  })
})

test.each(['bash', 'zsh', 'fish'])('there is a script for %s', async (shell) => {
  const { code, out } = await cli(['completion', shell])
  expect(code).toBe(0)
  expect(out).toContain('configurable-agents complete -- ')
})

test('a script for another shell is refused', async () => {
  expect(await cli(['completion', 'tcsh'])).toMatchObject({ code: 2, err: expect.stringContaining('bash, zsh, fish') })
})
