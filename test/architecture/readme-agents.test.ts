import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createConnection, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, register } from '../support/app.ts'
import { createHastyClock } from '../support/clock.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { readProjectFile } from './sources.ts'

const hasPython = spawnSync('python3', ['--version']).status === 0

function codeBlock(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(readProjectFile('README.md'))!
  return code!
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: 'localhost' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function startFromReadme(language: string, command: string, name: string): Promise<string> {
  const port = await freePort()
  const code = codeBlock(language)
  expect(code).toContain('8001')
  const file = `${temporaryFolder()}/${name}`
  writeFileSync(file, code.replace('8001', String(port)))
  const child = spawn(command, [file], { stdio: 'ignore' })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await expect.poll(() => isListening(port)).toBe(true)
  return `http://localhost:${port}`
}

async function expectGreeting(url: string): Promise<void> {
  const app = await buildTestApp()
  const { json: found } = await api(app, 'POST', '/orchestrator/test', { agent_url: url })
  const verdicts = found.lines.map(({ verdict }: { verdict: string }) => verdict)
  expect(new Set(verdicts)).toEqual(new Set(['pass', 'neutral']))
  await register(app, url, 'greeter')
  const run = await ended(app, await execute(app, 'greeter', { name: 'Adaé 退款' }))
  expect(run).toMatchObject({ status: 'completed', outputs: { text: 'Hello, Adaé 退款' } })
}

test.each([
  ['js', 'agent.mjs'],
  ['python', 'agent.py'],
])('the first-use page shows the %s agent of the README, in 15 lines', (language, file) => {
  const code = readProjectFile(`views/agents/first-use/${file}`)
  expect(codeBlock(language)).toBe(code)
  expect(code.trimEnd().split('\n')).toHaveLength(15)
})

test('the agent in Node.js that the README shows is healthy and runs', async () => {
  await expectGreeting(await startFromReadme('js', process.execPath, 'agent.mjs'))
})

test.skipIf(!hasPython)('the agent in Python that the README shows is healthy and runs', async () => {
  await expectGreeting(await startFromReadme('python', 'python3', 'agent.py'))
})

/** What the README says an agent may answer to a call, as JSON; what it leaves open is filled in. */
function answersOf(call: string): unknown[] {
  const row = readProjectFile('README.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${call}\` |`))!
  return [...row.matchAll(/`(\{.*?\})`(?=[ ,;|])/g)].map(([, text]) =>
    JSON.parse(text!.replaceAll('{…}', '{"text": "Hello"}').replaceAll('"…"', '"Something to say"')),
  )
}

test('what the README says that POST /run and a job may answer is read as it says', async () => {
  const agent = await startAgent()
  const app = await buildTestApp({}, { clock: createHastyClock(100) })
  await register(app, agent.url)
  const runWith = async (answer: unknown) => {
    agent.handlers.run = json(answer)
    return ended(app, await execute(app, 'writer'))
  }
  const completed = { status: 'completed', outputs: { text: 'Hello' } }
  const failed = { status: 'failed', error_message: expect.stringContaining('Something to say') }

  const [success, failure, taken, ...others] = answersOf('POST /run')
  expect(others).toEqual([])
  expect(await runWith(success)).toMatchObject(completed)
  expect(await runWith(failure)).toMatchObject(failed)
  const [running, ...ends] = answersOf('GET /status/{job_id}')
  for (const [end, expected] of [
    [ends[0], completed],
    [ends[1], failed],
  ]) {
    let asked = 0
    agent.handlers.status = (...exchange) => json(asked++ === 0 ? running : end)(...exchange)
    expect(await runWith(taken)).toMatchObject({ ...(expected as object), job_id: 'Something to say' })
    expect(asked).toBe(2)
  }
})

test('what the README says that GET /health and GET /schema may answer is read as it says', async () => {
  const [health] = answersOf('GET /health')
  const [schema] = answersOf('GET /schema') as [{ workflow: string; inputs: Record<string, { required: boolean }> }]
  const agent = await startAgent({ health: json(health), schema: json(schema) })
  const app = await buildTestApp()
  await register(app, agent.url)
  expect((await api(app, 'GET', '/orchestrator/writer')).json).toMatchObject({ status: 'healthy' })
  expect((await api(app, 'GET', '/orchestrator/writer/schema')).json).toEqual(schema)
  const refused = await api(app, 'POST', '/orchestrator/writer/execute', { inputs: {} })
  expect(refused.json.errors).toMatchObject([{ field: Object.keys(schema.inputs)[0] }])
})

test('the reasons for refused inputs that the README shows are shown at their fields', async () => {
  const [, reasons] = /answer 422 with\s+`(\{.*?\})`:/s.exec(readProjectFile('README.md'))!
  const agent = await startAgent({ run: json(JSON.parse(reasons!), 422) })
  const app = await buildTestApp()
  await register(app, agent.url)
  const run = await ended(app, await execute(app, 'writer'))
  expect(run).toMatchObject({ status: 'failed', errors: [{ field: 'name', message: 'Field required' }] })
})
