import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { cli } from '../support/cli.ts'
import { openDashboard } from '../support/dashboard.ts'
import { startSampleAgent } from '../support/process.ts'
import { temporaryFile } from '../support/temporary.ts'
import { readProjectFile, root } from './sources.ts'

const run = promisify(execFile)
const hasPython = spawnSync('python3', ['--version']).status === 0
const hasCurl = spawnSync('curl', ['--version']).status === 0

const blocks = [...readProjectFile('README.md').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block!)
const withCurl = blocks.filter((block) => block.startsWith('curl'))

/** A block of the README in a shell, each command on its own: fails where one of them does. Resolves to what they print. */
async function inShell(block: string, folder: string): Promise<string[]> {
  const outputs: string[] = []
  for (const command of block.split(/\n(?=\S)/).filter(Boolean)) {
    const script = `curl() { command curl --silent --show-error --fail "$@"; }\n${command}`
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
    outputs.push((await run('sh', ['-euc', script], { cwd: folder, env })).stdout)
  }
  return outputs
}

async function dashboardInFolder() {
  const dashboard = await openDashboard({ db: temporaryFile('workflows.db') })
  const { host } = new URL(dashboard.url)
  const folder = dirname(dashboard.db)
  return { ...dashboard, folder, shell: (block: string) => inShell(block.replaceAll('localhost:8000', host), folder) }
}

test('the README shows requests of every kind', () => {
  expect(withCurl.length).toBe(4)
})

test.skipIf(!hasCurl)('the requests of the README do what it says', { timeout: 30_000 }, async () => {
  const { url, folder, shell } = await dashboardInFolder()
  const agent = await startSampleAgent('researcher', 0, '--seconds', '0')
  const [fromScript, ofHistory, ofRegistry, ofReports] = withCurl

  const [registered, executed] = await shell(fromScript!.replace('localhost:8002', new URL(agent.url).host))
  expect(JSON.parse(registered!)).toMatchObject({ status: 'registered' })
  const { run_id: runId } = JSON.parse(executed!)
  const read = async (path: string) => (await fetch(url + path, { headers: { accept: 'application/json' } })).json()
  const completed = { status: 'completed', inputs: { topic: 'SQLite' } }
  await expect.poll(() => read(`/runs/${runId}`)).toMatchObject(completed)

  const [, bulk] = await shell(ofHistory!)
  expect(readdirSync(folder).filter((name) => name.endsWith('.ndjson'))).toHaveLength(1)
  expect(JSON.parse(bulk!)).toMatchObject({ action: 'rerun' })

  const [self, beat, list, removed] = await shell(ofRegistry!)
  for (const answer of [self, beat, list, removed]) expect(() => JSON.parse(answer || 'null')).not.toThrow()
  expect(JSON.parse(list!)).toMatchObject([{ agent_id: 'my-agent', host: 'localhost', port: 8001 }, {}])
  expect(await read('/agents?include_dead=true')).toEqual([expect.objectContaining({ agent_id: 'research-agent' })])

  expect((await shell(ofReports!)).map((answer) => JSON.parse(answer).status)).toEqual(['created', 'updated'])
  expect(await read('/runs/nightly-1')).toMatchObject({ status: 'completed', duration_seconds: 8.5 })
})

test.skipIf(!hasPython)('the Python program of the README reports its run', { timeout: 30_000 }, async () => {
  const { url } = await openDashboard()
  const program = /^```python\n(import json, uuid\n[\s\S]*?)^```$/m.exec(readProjectFile('README.md'))![1]!
  await run('python3', ['-c', program.replace('http://localhost:8000', url)])
  const list = await (await fetch(`${url}/runs`, { headers: { accept: 'application/json' } })).json()
  expect(list).toMatchObject({ runs: [{ workflow: 'nightly_report', status: 'completed', total_cost_usd: 0.034 }] })
})

test('the commands of the README over the API do what it says', async () => {
  const { url, folder } = await dashboardInFolder()
  const agent = await startAgent()
  const [block] = blocks.filter((one) => one.startsWith('configurable-agents status'))
  const outputs: string[] = []
  for (const line of block!.trim().split('\n')) {
    const [, input = '', command] = /^(?:echo '(.*)' \| )?configurable-agents (.*)$/.exec(line)!
    const args = command!.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ''))
    const here = args.map((arg) =>
      arg.replace('http://localhost:8001', agent.url).replace('runs.csv', `${folder}/runs.csv`),
    )
    const { code, out, err } = await cli([...here, '--url', url], { input })
    expect({ line, code, err }).toMatchObject({ line, code: 0 })
    outputs.push(out)
  }
  expect(outputs[2]).toMatch(/^writer +Article writer +healthy /m)
  expect(outputs.slice(4, 6)).toEqual(['An article\n', 'An article\n'])
  expect(outputs[6]!.trim().split('\n')).toHaveLength(3)
  expect(readFileSync(`${folder}/runs.csv`, 'utf8').trim().split('\r\n')).toHaveLength(3)
})

test('the commands of the README back up the database, and restore it', { timeout: 30_000 }, async () => {
  const [backup, restore] = ['backup', 'restore'].map(
    (name) => blocks.find((block) => block.includes(`configurable-agents.js ${name}`))!,
  )
  const { folder, stop } = await dashboardInFolder()
  const here = (block: string) => inShell(block.replace('npx node bin/', `node ${root}bin/`), folder)
  expect((await here(backup!)).join()).toContain('checked')
  expect(existsSync(`${folder}/copy.db`)).toBe(true)
  await stop()
  expect((await here(restore!)).join()).toContain('copy.db')
})
