import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { shownDatabase } from '../../src/config/database.ts'
import { settings } from '../../src/config.ts'
import { cli } from '../support/cli.ts'
import { printed, startDashboard, startProgram } from '../support/process.ts'
import { temporaryFile, temporaryFolder } from '../support/temporary.ts'

const command = 'bin/configurable-agents.js'

/** Runs the command to its end, within this process: it has to end before it starts a dashboard. */
async function run(args: string[], env: Record<string, string> = {}) {
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const { code, out, err } = await cli(args)
  return { code, output: out + err }
}

test('--help says what can be done, and ui --help names every setting', async () => {
  const help = await run(['--help'])
  expect(help.code).toBe(0)
  expect(help.output).toContain('ui')
  const { code, output } = await run(['ui', '--help'])
  expect(code).toBe(0)
  for (const { env, flag } of Object.values(settings)) {
    expect(output).toContain(env)
    if (flag) expect(output).toContain(flag)
  }
})

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(await run(['--version'])).toEqual({ code: 0, output: `${version}\n` })
})

test('the process prints the same, and ends with the same code', async () => {
  const args = ['ui', '--prot', '9000']
  const program = startProgram([command, ...args])
  expect({ code: await program.ended, output: program.output() }).toEqual(await run(args))
})

test.each([
  [['ui', '--prot', '9000'], "unknown option '--prot'"],
  [['serve'], "unknown command 'serve'"],
  [['ui', '--port'], 'argument missing'],
  [['ui', 'workflows.db'], 'too many arguments'],
])('%s is refused, with the way to the help', async (args, message) => {
  const { code, output } = await run(args)
  expect(code).toBe(2)
  expect(output).toContain(message)
  expect(output).toContain('--help')
  expect(output).not.toMatch(/^\s+at /m)
})

test('prints its address and its database file, and answers there', async () => {
  const dashboard = await startDashboard()
  await printed(dashboard, /Database: .+\n/)
  expect(dashboard.output()).toBe(
    `Configurable Agents dashboard: ${dashboard.url}\nDatabase: ${shownDatabase(dashboard.db)}\n`,
  )
  expect(dashboard.url).toMatch(/^http:\/\/localhost:\d+$/)
  expect(await (await fetch(`${dashboard.url}/health`)).json()).toMatchObject({ status: 'healthy' })
})

test.skipIf(process.platform !== 'linux')(
  'keeps its memory small by limits, under the id it was started with',
  async () => {
    const dashboard = await startDashboard({ env: { MALLOC_MMAP_THRESHOLD_: '65536' } })
    const flags = readFileSync(`/proc/${dashboard.child.pid}/cmdline`, 'utf8').split('\0').slice(1, 2)
    expect(flags).toEqual(['--max-semi-space-size=4'])
    // What the person has chosen stays.
    expect(readFileSync(`/proc/${dashboard.child.pid}/environ`, 'utf8')).toContain('MALLOC_MMAP_THRESHOLD_=65536')
  },
)

test('takes each setting from the environment too, and prefers what was typed', async () => {
  const [fromEnvironment, typed] = [temporaryFile(), temporaryFile()]
  const env = {
    CONFIGURABLE_AGENTS_PORT: '0',
    CONFIGURABLE_AGENTS_DB: fromEnvironment,
    CONFIGURABLE_AGENTS_HOST: '::1',
    CONFIGURABLE_AGENTS_ALLOWED_HOSTS: 'agents.example.com',
    CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '7',
    CONFIGURABLE_AGENTS_LOG_LEVEL: '',
  }
  const byEnvironment = startProgram([command, 'ui'], env)
  await printed(byEnvironment, new RegExp(`Database: ${fromEnvironment}`))
  const [, port] = await printed(byEnvironment, /localhost:(\d+)/)
  const response = await fetch(`http://[::1]:${port}/orchestrator/health-check`)
  expect(await response.text()).toContain('every 7s')
  const both = startProgram([command, 'ui', '--db', typed, '--host=127.0.0.1', '--port=0'], env)
  await printed(both, new RegExp(`Database: ${typed}`))
})

test('makes its database where it was started, when nobody says where', async () => {
  const folder = temporaryFolder()
  const path = new URL(`../../${command}`, import.meta.url).pathname
  const program = startProgram([path, 'ui', '--port', '0'], {}, folder)
  await printed(program, /Database: workflows\.db\n/)
  expect(readFileSync(`${folder}/workflows.db`).subarray(0, 15).toString()).toBe('SQLite format 3')
})

test.each([
  [['ui', '--port', 'abc'], {}, '--port: "abc" must be a number'],
  [['ui', '--port', '70000'], {}, '--port: "70000" must be 0 to 65535'],
  [['ui', '--port', '-1'], {}, '--port: "-1" must be 0 to 65535'],
  [['ui', '--port', '80.5'], {}, '--port: "80.5" must be a whole number'],
  [['ui', '--db', ''], {}, '--db: "" must name a file'],
  [['ui'], { CONFIGURABLE_AGENTS_PORT: 'x' }, 'CONFIGURABLE_AGENTS_PORT: "x" must be a number'],
  [['ui'], { CONFIGURABLE_AGENTS_OPEN: 'perhaps' }, 'CONFIGURABLE_AGENTS_OPEN: "perhaps" must be true or false'],
  [['ui'], { CONFIGURABLE_AGENTS_RUN_TIMEOUT_SECONDS: '0' }, 'CONFIGURABLE_AGENTS_RUN_TIMEOUT_SECONDS: "0" '],
  [['ui'], { CONFIGURABLE_AGENTS_RUNS_PER_AGENT: '1.5' }, 'CONFIGURABLE_AGENTS_RUNS_PER_AGENT: "1.5" '],
  [['ui'], { CONFIGURABLE_AGENTS_LOG_LEVEL: 'loud' }, 'CONFIGURABLE_AGENTS_LOG_LEVEL: "loud" '],
])('%s with %o ends with one sentence', async (args, env, sentence) => {
  const { code, output } = await run(args, env)
  expect(code).toBe(1)
  expect(output).toContain(sentence)
  expect(output.trim().split('\n')).toHaveLength(1)
})

test('a Node that is too old gets one sentence', async () => {
  const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})'
  const program = startProgram(['--import', older, command, 'ui', '--port', '0'])
  expect(await program.ended).toBe(1)
  expect(program.output()).toBe(
    'configurable-agents needs Node.js 22.19 or newer, and this is 20.20.2. Install the current LTS from nodejs.org, then run it again.\n',
  )
})
