import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { createLayer } from './history-layer.ts'
import { type Target, targetsOf } from './history-targets.ts'
import { getPage, keepAll, startWriting, timed } from './page-times.ts'
import { type Dashboard, startBare, startDashboard } from './programs.ts'
import { fillSqlite } from './sqlite-fill.ts'

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

const isHuge = Number(flags.runs) > 1_000_000
const aims = isHuge ? { startMs: 1000, pageMs: 50 } : { startMs: 300, pageMs: 25 }
const startMb = 90
/** What no index helps takes seconds in a file of ten million runs. */
const byHandMs = 3000
const exportedRuns = 100_000
const newline = 10
const folder = mkdtempSync(join(tmpdir(), 'configurable-agents-million-'))
const db = flags.db ?? join(folder, 'workflows.db')
const bare = await startBare()
try {
  await build()
  pointAgentsTo(bare.url)
  const sqlite = new Database(db, { readonly: true })
  const last = sqlite.prepare('SELECT seq FROM run_index ORDER BY seq LIMIT 1 OFFSET 50').pluck().get() as number
  const targets = targetsOf(last, Date.now()).filter(({ name }) => name.includes(flags.only))
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
  await fillSqlite(db, bare.url, { runs, agents: Number(flags.agents), payloadBytes })
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

async function measure(targets: Target[], sqlite: Database.Database, dashboard: Dashboard | undefined): Promise<void> {
  const layer = createLayer(db)
  const heads = ['page p50', 'p95', 'layer p50', 'p95', 'SELECT', 'layer/S', 'page/S']
  console.log(`\n${'milliseconds'.padEnd(44)}${heads.map((head) => head.padStart(10)).join('')}`)
  for (const { name, path, select } of targets) {
    const page = dashboard && (await timed(() => getPage(dashboard.url + path)))
    const read = layer.reader(path)
    const own = await timed(read)
    const statements = select.map(({ sql, params }) => ({ statement: sqlite.prepare(sql), params }))
    const byHand = await timed(() => {
      for (const { statement, params } of statements) statement.all(...params)
    }, byHandMs)
    const ratio = (p50: number | undefined) => (p50 === undefined ? '' : (p50 / byHand.p50).toFixed(1))
    const figures = [page?.p50, page?.p95, own.p50, own.p95, byHand.p50].map((ms) => ms?.toFixed(2) ?? '')
    const columns = [...figures, ratio(own.p50), ratio(page?.p50)].map((text) => text.padStart(10))
    console.log(`${name.padEnd(44)}${columns.join('')}${page && page.p95 > aims.pageMs ? `  over ${aims.pageMs}` : ''}`)
  }
  layer.close()
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
