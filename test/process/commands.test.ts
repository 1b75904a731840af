import { execFile, spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { silence, startAgent } from '../support/agents/agent.ts'
import { cli } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'
import { printed, startProgram } from '../support/process.ts'
import { insertRuns } from '../support/runs/runs.ts'

const command = 'bin/configurable-agents.js'
const hasBash = spawnSync('bash', ['--version']).status === 0

test('Ctrl+C while following ends the command with 130, and leaves the run alone', async () => {
  const { url } = await openDashboard()
  const agent = await startAgent({ run: silence })
  await cli(['agents', 'register', agent.url, '--id', 'writer', '--name', 'Writer', '--url', url])
  const program = startProgram([command, 'run', 'writer', '--topic', 'a', '--follow', '--url', url])
  await printed(program, /running/)
  expect(await program.stop('SIGINT')).toBe(130)
  expect(program.output()).toMatch(
    /\nThe run continues\. .+\nTo stop waiting for it: configurable-agents runs cancel .+\n$/,
  )
  const { runs } = JSON.parse((await cli(['runs', 'list', '--json', '--url', url])).out)
  expect(runs).toMatchObject([{ status: 'running' }])
})

test('the dashboard can be named by a variable, and one that is not there is 4 to the shell', async () => {
  const program = startProgram([command, 'status'], { CONFIGURABLE_AGENTS_URL: 'http://127.0.0.1:9' })
  expect(await program.ended).toBe(4)
  expect(program.output()).toMatch(/^Cannot reach the dashboard at http:\/\/127\.0\.0\.1:9: connection refused\. .+\n$/)
})

test.skipIf(!hasBash)('in a shell, Tab completes, and a reader that has enough is no error', async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, Array(500).fill({ outputs: JSON.stringify({ text: 'x'.repeat(1000) }) }))
  const script = `
    configurable-agents() { node ${command} "$@"; }
    eval "$(configurable-agents completion bash)"
    COMP_LINE="configurable-agents runs list --url ${dashboard.url} --sta" COMP_POINT=200
    _configurable_agents
    echo "\${COMPREPLY[@]}"
    configurable-agents runs export --url ${dashboard.url} | head -c 9
    echo " \${PIPESTATUS[0]}"`
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  expect(await promisify(execFile)('bash', ['-c', script], { env })).toEqual({
    stdout: '--status\n{"run_id" 0\n',
    stderr: '',
  })
})
