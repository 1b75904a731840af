import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { shapes } from './payload-shapes.ts'
import { startDashboard } from './programs.ts'

// Sends 8 MiB of every shape by every way in, and looks how long /healthz takes meanwhile, how much of the processor the
// longest turn takes (which other programs do not make longer), and how much memory it needs. Takes a minute or two.
// `npm run bench:payloads -- agent` measures only the ways with "agent" in their names, a second word only those shapes.

const aimMs = 250
const aimMb = 300
const [wantedWay = '', wantedShape = ''] = process.argv.slice(2)
const json = { accept: 'application/json', 'content-type': 'application/json' }
const form = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }

const folder = mkdtempSync(join(tmpdir(), 'configurable-agents-bench-'))
const agents = fork(fileURLToPath(new URL('./payload-agent.ts', import.meta.url)))
const [agentPort] = (await once(agents, 'message')) as [number]
const dashboard = await startDashboard(join(folder, 'workflows.db'), {}, ['./bench/turns.ts'])
const watch = new Worker(new URL('./health-watch.ts', import.meta.url), { workerData: dashboard.url })

async function post(path: string, body: string, headers: Record<string, string> = json) {
  const answer = await fetch(dashboard.url + path, { method: 'POST', headers, body })
  return { status: answer.status, text: await answer.text() }
}

/** Registers the agent at `path` of the process of agents. */
async function register(path: string): Promise<void> {
  const agent_url = `http://127.0.0.1:${agentPort}/${path.split('/').map(encodeURIComponent).join('/')}`
  const { status, text } = await post(
    '/orchestrator/register',
    JSON.stringify({ agent_id: 'a', agent_name: 'A', agent_url }),
  )
  if (status !== 200) throw new Error(text)
}

/** Executes to the end, and looks at the run as people and scripts do. */
async function execute(path: string): Promise<string> {
  await register(path)
  const { text } = await post('/orchestrator/a/execute', '{"inputs":{}}', { ...json, prefer: 'wait=60' })
  const { run_id: id } = JSON.parse(
    text
      .slice(0, 4000)
      .replace(/,"inputs".*$/s, '}')
      .replace(/,"status".*$/s, '}'),
  ) as { run_id: string }
  for (let status = 'running'; status === 'running' || status === 'pending'; ) {
    const answer = await fetch(`${dashboard.url}/runs/${id}`, { headers: json })
    status = /"status":"(\w+)"/.exec(await answer.text())![1]!
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const words: string[] = []
  for (const page of [`/runs/${id}`, `/runs/compare?a=${id}&b=${id}`, '/runs?q=out.a:1', '/']) {
    const answer = await fetch(dashboard.url + page, { headers: { accept: 'text/html' } })
    await answer.text()
    words.push(String(answer.status))
  }
  return words.join(' ')
}

const refused = async (path: string, body: string, headers?: Record<string, string>) => {
  const { status, text } = await post(path, body, headers)
  return `${status} ${/"detail":"([^"]*)/.exec(text.slice(0, 4000))?.[1]?.slice(0, 60) ?? ''}`
}

const ways: Record<string, (name: string) => Promise<string>> = {
  'agent, outputs': (name) => execute(`run/${name}`),
  'agent, whole answer': (name) => execute(`bare/${name}`),
  'agent, job': (name) => execute(`job/${name}`),
  'execute, inputs': async (name) => {
    await register('run/one number')
    return refused('/orchestrator/a/execute', `{"inputs":{"data":${shapes[name]!()}}}`)
  },
  'execute, body': (name) => refused('/orchestrator/a/execute', shapes[name]!()),
  'execute, form': (name) => refused('/orchestrator/a/execute', `v:/data=${shapes[name]!()}&op=`, form),
  'execute, fields': (name) => refused('/orchestrator/a/execute', `v=1&${shapes[name]!().replaceAll(',', '&')}`, form),
  register: (name) => refused('/orchestrator/register', `{"agent_id":"b","metadata":${shapes[name]!()}}`),
  'self-register': (name) => refused('/agents/register', `{"agent_id":"b","metadata":${shapes[name]!()}}`),
  bulk: (name) => refused('/runs/bulk', `{"action":"delete","runs":${shapes[name]!()}}`),
}

/** How long /healthz took at most since this was last asked. */
async function longestMs(): Promise<number> {
  watch.postMessage('longest')
  return (await once(watch, 'message'))[0] as number
}

/** The most memory that was needed since this was last asked; of Linux only. */
function peakMb(): number {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${dashboard.pid}/status`, 'utf8'))![1]
  writeFileSync(`/proc/${dashboard.pid}/clear_refs`, '5')
  return Number(peak) / 1024
}

let worstMs = 0
let worstTurnMs = 0
let worstMb = 0
try {
  console.log(
    `${'way in'.padEnd(22)}${'shape'.padEnd(24)}${'healthz ms'.padStart(10)}${'turn ms'.padStart(8)}${'peak MB'.padStart(9)}  answer`,
  )
  for (const [way, send] of Object.entries(ways).filter(([name]) => name.includes(wantedWay))) {
    for (const name of Object.keys(shapes).filter((one) => one.includes(wantedShape))) {
      await longestMs()
      await dashboard.longestTurnMs()
      peakMb()
      const said = await send(name).catch((error: Error) => error.message)
      const [ms, turnMs, mb] = [await longestMs(), await dashboard.longestTurnMs(), peakMb()]
      worstMs = Math.max(worstMs, ms)
      worstTurnMs = Math.max(worstTurnMs, turnMs)
      worstMb = Math.max(worstMb, mb)
      console.log(
        `${way.padEnd(22)}${name.padEnd(24)}${ms.toFixed(0).padStart(10)}${turnMs.toFixed(0).padStart(8)}${mb.toFixed(0).padStart(9)}  ${said.slice(0, 90)}`,
      )
    }
  }
  console.log(
    `worst: ${worstMs.toFixed(0)} ms (aim: under ${aimMs}), a turn of ${worstTurnMs.toFixed(0)} ms, ${worstMb.toFixed(0)} MB (aim: under ${aimMb})`,
  )
} finally {
  await watch.terminate()
  await dashboard.stop()
  agents.disconnect()
  rmSync(folder, { recursive: true, force: true })
}
