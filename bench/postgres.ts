import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import type { TestServer } from '../test/support/postgres/server.ts'
import { type Target, targetsOf } from './history-targets.ts'
import { hardlyEver, poll, watch, watchedAgents } from './monitor.ts'
import { getPage, keepAll, startWriting, timed } from './page-times.ts'
import { watchServer } from './postgres-cpu.ts'
import { measureAccepting } from './postgres-engine.ts'
import { addAgentsTo, fillPostgres } from './postgres-fill.ts'
import { startBenchServer, startKeptServer, whileFilled } from './postgres-server.ts'
import { type Dashboard, startBare, startDashboard } from './programs.ts'

// What dashboards on PostgreSQL do, with PostgreSQL on the same machine: pages of a long history while 20 runs a second are
// made, answers that open pages ask for, many agents, and how many runs a second 1, 2 and 3 of them accept.

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    agents: { type: 'string', default: '20' },
    /** Of a run, on average; 200 where there are more than a million runs, which else would fill the disk. */
    'payload-bytes': { type: 'string' },
    /** The address of a database: filled where nothing is in it, and left there. By default one that goes at the end. */
    db: { type: 'string' },
    /** Or a folder for a server's data: used when they are there, made and left there when not. */
    data: { type: 'string' },
    /** Only parts with this in their name: pages, polls, agents, accepting. */
    part: { type: 'string', default: '' },
    /** Only pages with this in their name. */
    only: { type: 'string', default: '' },
    /** The runs are made by a second dashboard. */
    beside: { type: 'boolean', default: false },
  },
})

const isHuge = Number(flags.runs) > 1_000_000
const aimMs = 50
const isPart = (name: string) => name.includes(flags.part)

const bare = await startBare()
const isFilled = ['pages', 'polls', 'agents'].some(isPart)
const server = flags.db === undefined && isFilled ? await startFilled() : undefined
const db = flags.db ?? server?.url ?? ''
try {
  if (isFilled) await fill(db)
  if (isPart('pages')) await measureHistory()
  if (isPart('polls')) await measurePolls()
  if (isPart('agents')) await measureAgents()
  if (isPart('accepting')) await measureWrites()
} finally {
  bare.stop()
  await server?.stop()
}

/** It is filled on a server that writes nothing down for a crash. */
async function startFilled(): Promise<TestServer> {
  const folder = flags.data ?? mkdtempSync(join(tmpdir(), 'configurable-agents-postgres-'))
  const quick = await startKeptServer(folder, whileFilled)
  await fill(quick.url)
  await quick.stop()
  const server = await startKeptServer(folder)
  const { stop } = server
  return {
    ...server,
    async stop() {
      await stop()
      if (flags.data === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function fill(db: string): Promise<void> {
  const client = new pg.Client({ connectionString: db })
  await client.connect()
  const { rows } = await client.query<{ known: string | null }>(`SELECT to_regclass('runs') AS known`)
  await client.end()
  if (rows[0]!.known !== null) return addAgentsTo(db, bare.url)
  const startedAt = performance.now()
  const payloadBytes = Number(flags['payload-bytes'] ?? (isHuge ? 200 : 1250))
  await fillPostgres(db, bare.url, { runs: Number(flags.runs), agents: Number(flags.agents), payloadBytes })
  console.log(`${flags.runs} runs written in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
}

async function measureHistory(): Promise<void> {
  const { targets, sizes } = await lookedAt()
  console.log(sizes)
  const env = flags.beside ? { ...keepAll, CONFIGURABLE_AGENTS_SECRET_KEY: 'a'.repeat(64) } : keepAll
  const dashboard = await startDashboard(db, env)
  console.log(`start to first 200: ${dashboard.startMs.toFixed(0)} ms`)
  console.log(`memory then: ${(await dashboard.figures()).memoryMb.toFixed(0)} MB`)
  const second = flags.beside ? await startDashboard(db, env) : undefined
  const writer = startWriting((second ?? dashboard).url)
  await measurePages(targets, dashboard)
  const { memoryMb, loopDelayMs } = await dashboard.figures()
  console.log(`memory then: ${memoryMb.toFixed(0)} MB; event-loop delay: p99 ${loopDelayMs.toFixed(1)} ms`)
  console.log(writer.stop())
  await second?.stop()
  await dashboard.stop()
}

async function measurePolls(): Promise<void> {
  const dashboard = await startDashboard(db, { ...keepAll, ...hardlyEver })
  await poll(dashboard, bare, 'the polled list of runs', '/runs')
  await poll(dashboard, bare, `the polled partial with ${flags.agents} agents`, '/orchestrator/health-check')
  await dashboard.stop()
}

async function measureAgents(): Promise<void> {
  await addAgentsTo(db, bare.url, watchedAgents)
  const dashboard = await startDashboard(db, keepAll)
  await watch(dashboard, watchedAgents)
  await dashboard.stop()
}

/** Where each write waits for the disk, and where none does. */
async function measureWrites(): Promise<void> {
  for (const fsync of ['on', 'off']) {
    const empty = await startBenchServer(tmpdir(), { fsync, synchronous_commit: fsync })
    console.log(`\nfsync and synchronous_commit ${fsync}:`)
    await measureAccepting(empty.url, bare.url)
    await empty.stop()
  }
}

/** What is to be asked for, and how large the tables are. */
async function lookedAt(): Promise<{ targets: Pick<Target, 'name' | 'path'>[]; sizes: string }> {
  const client = new pg.Client({ connectionString: db })
  await client.connect()
  const last = await client.query<{ seq: string }>('SELECT seq FROM runs ORDER BY seq LIMIT 1 OFFSET 50')
  const some = await client.query<{ id: string }>(
    `SELECT id FROM runs WHERE status = 'completed' AND agent = 'agent-3' ORDER BY seq DESC LIMIT 1 OFFSET 1000`,
  )
  const sizes = await client.query<{ name: string; table_mb: number; index_mb: number; rows: string }>(`
    SELECT relname AS name, pg_table_size(relid) / 1048576 AS table_mb, pg_indexes_size(relid) / 1048576 AS index_mb
    FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC LIMIT 6`)
  await client.end()
  const { id } = some.rows[0]!
  const targets = [
    ...targetsOf(Number(last.rows[0]!.seq), Date.now()),
    { name: 'page of a run', path: `/runs/${id}` },
    { name: 'page of an agent', path: '/orchestrator/agent-3' },
    { name: 'form of an agent', path: '/orchestrator/agent-3/execute' },
    { name: 'system', path: '/system' },
    { name: 'audit trail', path: '/settings/audit' },
  ].filter(({ name }) => name.includes(flags.only))
  const shown = sizes.rows.map(({ name, table_mb, index_mb }) => `${name} ${table_mb} + ${index_mb}`)
  return { targets, sizes: `tables and their indexes in MB: ${shown.join(', ')}` }
}

async function measurePages(targets: Pick<Target, 'name' | 'path'>[], dashboard: Dashboard): Promise<void> {
  const server = await watchServer(db)
  // With that of the runs that are made meanwhile: other programs on the machine make answers later, but take no more of it.
  const heads = ['p50', 'p95', 'processor', 'PostgreSQL']
  console.log(`\n${'milliseconds'.padEnd(44)}${heads.map((head) => head.padStart(12)).join('')}`)
  for (const { name, path } of targets) {
    let asked = 0
    await dashboard.figures()
    await server.cpuMs()
    const { p50, p95 } = await timed(() => {
      asked++
      return getPage(dashboard.url + path)
    })
    const used = [(await dashboard.figures()).cpuMs, await server.cpuMs()].map((ms) => ms / asked)
    const columns = [p50, p95, ...used].map((ms) => ms.toFixed(1).padStart(12)).join('')
    console.log(`${name.padEnd(44)}${columns}${p95 > aimMs ? `  over ${aimMs}` : ''}`)
  }
  await server.stop()
}
