import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { measureEngine } from './engine.ts'
import { writeHistory } from './history.ts'
import { median, requestsPerSecond } from './load.ts'
import { measureLogin } from './login.ts'
import { measureMonitor } from './monitor.ts'
import { type Bare, buildPackage, startBare, startDashboard } from './programs.ts'

const runs = 100_000
const starts = 5
const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial', accept: 'text/html' }
const asBrowser = { accept: 'text/html' }

/** What is aimed at, as a ratio to a bare Fastify route that sends the same bytes. */
const targets = [
  { name: 'page /orchestrator, 20 agents', path: '/orchestrator', headers: asBrowser, aim: 0.8 },
  { name: `page /runs, ${runs} runs`, path: '/runs', headers: asBrowser, aim: 0.4 },
  { name: 'polled partial, 20 agents', path: '/orchestrator/health-check', headers: asHtmx, aim: 0.5 },
  {
    name: 'polled partial, 100 browsers',
    path: '/orchestrator/health-check',
    headers: asHtmx,
    aim: 0.5,
    connections: 100,
  },
]

const folder = mkdtempSync(join(tmpdir(), 'configurable-agents-bench-'))
const bare = await startBare()
try {
  const db = join(folder, 'workflows.db')
  await writeHistory(db, runs, bare.url)
  await readRunsIn(db)
  await measureStart('a clone', db)
  await measureStart('the package', db, buildPackage(mkdtempSync(join(folder, 'package-'))))
  await measurePages(db)
  await measureEngine(folder, bare.url)
  await measureMonitor(folder, bare)
  await measureLogin(folder, bare)
} finally {
  bare.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** So that no start is measured while it reads in older runs. */
async function readRunsIn(db: string): Promise<void> {
  const dashboard = await startDashboard(db)
  for (let state = ''; state !== 'ready'; await sleep(500))
    state = ((await (await fetch(`${dashboard.url}/readyz`)).json()) as { index: { state: string } }).index.state
  await dashboard.stop()
}

async function measureStart(what: string, db: string, program?: string): Promise<void> {
  const times: number[] = []
  const megabytes: number[] = []
  for (let start = 0; start < starts; start++) {
    const dashboard = await startDashboard(db, {}, undefined, program)
    times.push(dashboard.startMs)
    megabytes.push((await dashboard.figures()).memoryMb)
    await dashboard.stop()
  }
  console.log(`${what}, start to first 200: median ${median(times).toFixed(0)} ms of ${starts} (aim: under 300)`)
  console.log(`memory then: median ${median(megabytes).toFixed(0)} MB (aim: under 90)\n`)
}

async function measurePages(db: string): Promise<void> {
  const dashboard = await startDashboard(db)
  console.log(
    `${'requests per second'.padEnd(34)}${'ours'.padStart(8)}${'bare'.padStart(8)}${'ratio'.padStart(8)}${'aim'.padStart(7)}`,
  )
  for (const target of targets) console.log(await measure(dashboard.url, bare, target))
  await dashboard.stop()
}

async function measure(url: string, yardstick: Bare, target: (typeof targets)[number]): Promise<string> {
  const { name, path, headers, aim, connections } = target
  const bytes = await (await fetch(url + path, { headers })).text()
  const same = await yardstick.keep(String(targets.indexOf(target)), bytes)
  const options = { headers, ...(connections && { connections }) }
  const bareRate = await requestsPerSecond(same, options)
  const ourRate = await requestsPerSecond(url + path, options)
  const figures = [
    ourRate.toFixed(0).padStart(8),
    bareRate.toFixed(0).padStart(8),
    (ourRate / bareRate).toFixed(2).padStart(8),
  ]
  return `${name.padEnd(34)}${figures.join('')}${String(aim).padStart(7)}`
}
