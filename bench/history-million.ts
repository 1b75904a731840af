import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { createLayer } from './history-layer.ts'
import { type Target, targetsOf } from './history-targets.ts'
import { median } from './load.ts'
import { searches, writeMillion } from './million.ts'
import { type Dashboard, startBare, startDashboard } from './programs.ts'

// Pages of a history of a million runs, while 20 runs a second are made. Each page is asked of the real command over
// HTTP; beside it stands what the layer that reads costs in this process, and what a SELECT by hand costs in the same file.

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    /** Of a file that is made. */
    agents: { type: 'string', default: '20' },
    /** Of a run, on average; 200 in a file of more than a million runs, which else would fill the disk. */
    'payload-bytes': { type: 'string' },
    /** Used when it is there, made and left there when not; by default one in a temporary folder. */
    db: { type: 'string' },
    /** Only targets with this in their name. */
    only: { type: 'string', default: '' },
    /** Only the layer that reads, without the program. */
    'layer-only': { type: 'boolean', default: false },
  },
})

const rounds = 60
const isHuge = Number(flags.runs) > 1_000_000
const aims = isHuge ? { startMs: 1000, pageMs: 50 } : { startMs: 300, pageMs: 25 }
const startMb = 90
const writesPerSecond = 20
const exportedRuns = 100_000
const newline = 10
const asBrowser = { accept: 'text/html' }
/** Nothing is to be thrown away meanwhile. */
const keepAll = {
  CONFIGURABLE_AGENTS_KEEP_DAYS: '100000',
  CONFIGURABLE_AGENTS_KEEP_RUNS: '1000000000',
  CONFIGURABLE_AGENTS_KEEP_FAILED_DAYS: '100000',
}

const folder = mkdtempSync(join(tmpdir(), 'configurable-agents-million-'))
const db = flags.db ?? join(folder, 'workflows.db')
const bare = await startBare()
try {
  await build()
  pointAgentsTo(bare.url)
  const sqlite = new Database(db, { readonly: true })
  const targets = targetsOf(sqlite, Date.now()).filter(({ name }) => name.includes(flags.only))
  if (flags['layer-only']) await measure(targets, sqlite, undefined)
  else await measureProgram(targets, sqlite)
  sqlite.close()
} finally {
  bare.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function build(): Promise<void> {
  if (existsSync(db)) return
  const startedAt = performance.now()
  const runs = Number(flags.runs)
  const payloadBytes = Number(flags['payload-bytes'] ?? (isHuge ? 200 : 1250))
  await writeMillion(db, bare.url, { runs, agents: Number(flags.agents), payloadBytes })
  console.log(`${flags.runs} runs written in ${((performance.now() - startedAt) / 1000).toFixed(0)} s (aim: under 180)`)
}

/** The agents of a file that was made before have moved. */
function pointAgentsTo(url: string): void {
  const sqlite = new Database(db)
  const { hostname, port } = new URL(url)
  sqlite
    .prepare(`UPDATE agents SET host = ?, port = ?, base_url = ? || '/agent/' || agent_id`)
    .run(hostname, Number(port), url)
  sqlite.close()
}

async function measureProgram(targets: Target[], sqlite: Database.Database): Promise<void> {
  const dashboard = await startDashboard(db, keepAll)
  console.log(`start to first 200: ${dashboard.startMs.toFixed(0)} ms (aim: under ${aims.startMs})`)
  console.log(`memory then: ${(await dashboard.figures()).memoryMb.toFixed(0)} MB (aim: under ${startMb})`)
  const writer = startWriting(dashboard.url)
  await dashboard.figures()
  await measure(targets, sqlite, dashboard)
  console.log(`event-loop delay: p99 ${(await dashboard.figures()).loopDelayMs.toFixed(1)} ms`)
  if ('export'.includes(flags.only)) await measureExport(dashboard)
  console.log(writer.stop())
  await dashboard.stop()
}

/** Executes agents, so many times a second. */
function startWriting(url: string) {
  let runs = 0
  const times: number[] = []
  const timer = setInterval(() => {
    const body = JSON.stringify({ inputs: { topic: `${searches.common} ${runs}` } })
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const startedAt = performance.now()
    fetch(`${url}/orchestrator/agent-${runs % 20}/execute`, { method: 'POST', headers, body })
      .then((answer) => answer.text())
      .then(() => {
        runs++
        times.push(performance.now() - startedAt)
      })
      .catch(() => undefined)
  }, 1000 / writesPerSecond)
  return {
    stop() {
      clearInterval(timer)
      // To be held against a smaller file: at most 20 % more for ten times as many runs.
      return `${runs} runs were made meanwhile, half of them accepted within ${median(times).toFixed(1)} ms`
    },
  }
}

async function measure(targets: Target[], sqlite: Database.Database, dashboard: Dashboard | undefined): Promise<void> {
  const layer = createLayer(db)
  const heads = ['page p50', 'p95', 'layer p50', 'p95', 'SELECT', 'layer/S', 'page/S']
  console.log(`\n${'milliseconds'.padEnd(44)}${heads.map((head) => head.padStart(10)).join('')}`)
  for (const { name, path, select } of targets) {
    const page = dashboard && (await timed(() => get(dashboard.url + path)))
    const read = layer.reader(path)
    const own = await timed(read)
    const statements = select.map(({ sql, params }) => ({ statement: sqlite.prepare(sql), params }))
    const byHand = await timed(() => {
      for (const { statement, params } of statements) statement.all(...params)
    })
    const ratio = (p50: number | undefined) => (p50 === undefined ? '' : (p50 / byHand.p50).toFixed(1))
    const figures = [page?.p50, page?.p95, own.p50, own.p95, byHand.p50].map((ms) => ms?.toFixed(2) ?? '')
    const columns = [...figures, ratio(own.p50), ratio(page?.p50)].map((text) => text.padStart(10))
    console.log(`${name.padEnd(44)}${columns.join('')}${page && page.p95 > aims.pageMs ? `  over ${aims.pageMs}` : ''}`)
  }
  layer.close()
}

async function timed(run: () => unknown): Promise<{ p50: number; p95: number }> {
  for (let warm = 0; warm < 3; warm++) await run()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now()
    await run()
    times.push(performance.now() - startedAt)
    // As between the requests of people: what waits gets its turn.
    await new Promise((resolve) => setImmediate(resolve))
  }
  times.sort((a, b) => a - b)
  return { p50: times[Math.floor(rounds * 0.5)]!, p95: times[Math.floor(rounds * 0.95)]! }
}

async function get(url: string): Promise<void> {
  const answer = await fetch(url, { headers: asBrowser })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text.slice(0, 200)}`)
}

async function measureExport({ url, figures }: Dashboard): Promise<void> {
  for (const format of ['csv', 'ndjson']) {
    const before = (await figures()).memoryMb
    const startedAt = performance.now()
    const { body } = await fetch(`${url}/runs/export?format=${format}`)
    let lines = 0
    let parts = 0
    let most = before
    for await (const part of body!) {
      for (const byte of part) if (byte === newline) lines++
      if (lines > exportedRuns) break
      if (parts++ % 100 === 0) most = Math.max(most, (await figures()).memoryMb)
    }
    const perSecond = lines / ((performance.now() - startedAt) / 1000)
    const megabytes = [before, most].map((mb) => mb.toFixed(0))
    console.log(
      `export ${format}: ${perSecond.toFixed(0)} rows a second (aim: 20,000), memory ${megabytes.join(' to ')} MB (aim: 100 more)`,
    )
  }
}
