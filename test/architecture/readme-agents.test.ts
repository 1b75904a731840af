import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createConnection, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { api, buildTestApp, ended, execute, register } from '../support/app.ts'
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
  expect(found.lines.map(({ verdict }: { verdict: string }) => verdict)).not.toContain('fail')
  await register(app, url, 'greeter')
  const run = await ended(app, await execute(app, 'greeter', { name: 'Adaé 退款' }))
  expect(run).toMatchObject({ status: 'completed', outputs: { text: 'Hello, Adaé 退款' }, total_tokens: 42 })
}

test('the agent in Node.js that the README shows is healthy and runs', async () => {
  await expectGreeting(await startFromReadme('js', process.execPath, 'agent.mjs'))
})

test.skipIf(!hasPython)('the agent in Python that the README shows is healthy and runs', async () => {
  await expectGreeting(await startFromReadme('python', 'python3', 'agent.py'))
})
