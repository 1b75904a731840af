import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/shared/time/clock.ts'
import { move } from '../src/store/move/move.ts'
import { openSqliteStore } from '../src/store/sqlite/store.ts'
import { startServer } from '../test/support/postgres/server.ts'
import { alreadyRunning } from './already-running.ts'
import { writeExample } from './example/write.ts'
import { summarizer } from './fleet/agents.ts'
import { sendRuns } from './fleet/traffic.ts'
import { begin, end, endAll, printed, stopSignal } from './programs.ts'
import { createRandom } from './random.ts'
import { startRoundRobin } from './round-robin.ts'

// Two dashboards on one PostgreSQL database, behind one address. All of it ends with this program, its data too.

const command = fileURLToPath(new URL('../bin/configurable-agents.js', import.meta.url))
const fleet = fileURLToPath(new URL('./fleet/start.ts', import.meta.url))

const { values } = parseArgs({ options: { port: { type: 'string', default: '8000' } } })
const port = Number(values.port)

async function fill(file: string, database: string): Promise<void> {
  await writeExample(file)
  await readIn(file)
  await move(file, database)
}

/** As a dashboard does while it runs: then the file can be moved. */
async function readIn(file: string): Promise<void> {
  const store = openSqliteStore(file, systemClock)
  await store.history.begin()
  while ((await store.history.progress()) !== undefined) await store.history.takeIn()
  await store.close()
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: found } = server.address() as AddressInfo
  server.close()
  return found
}

/** Resolves to its address; undefined when it has ended. */
async function startDashboard(env: NodeJS.ProcessEnv) {
  // By its port it is known to the others.
  const child = begin([command, 'ui', '--port', String(await freePort())], { env, isQuiet: true })
  const url = await printed(child, /http:\S+/)
  return url === undefined ? undefined : { child, url, port: Number(new URL(url).port) }
}

async function runDemo(folder: string): Promise<number> {
  const stopped = stopSignal()
  const running = await alreadyRunning(summarizer.port, summarizer.workflow.workflow)
  if (running) throw new Error(running)
  const postgres = await startServer(tmpdir())
  try {
    const agents = printed(begin([fleet]), /listen on/)
    await fill(join(folder, 'workflows.db'), postgres.url)
    const ready = await Promise.race([agents, stopped])
    if (ready !== undefined && ready !== 'stopped') return await runDashboards(postgres.url, stopped)
    return ready === 'stopped' ? 0 : 1
  } finally {
    await endAll()
    await postgres.stop()
  }
}

async function runDashboards(database: string, stopped: Promise<'stopped'>): Promise<number> {
  const env = {
    CONFIGURABLE_AGENTS_DB: database,
    CONFIGURABLE_AGENTS_SECRET_KEY: randomBytes(32).toString('hex'),
  }
  const found = await Promise.race([Promise.all([startDashboard(env), startDashboard(env)]), stopped])
  if (found === 'stopped') return 0
  const dashboards = found.filter((one) => one !== undefined)
  if (dashboards.length < found.length) return 1
  const proxy = await startRoundRobin(
    port,
    dashboards.map((one) => one.port),
  )
  const url = `http://localhost:${proxy.port}`
  console.log(`Open ${url}\nBehind it are the dashboards ${dashboards.map((one) => one.url).join(' and ')}`)
  const traffic = new AbortController()
  void sendRuns(url, createRandom(Date.now()), traffic.signal)
  // Kill one, and the other carries on.
  await Promise.race([Promise.all(dashboards.map(({ child }) => once(child, 'exit'))), stopped])
  traffic.abort()
  await Promise.all(dashboards.map(({ child }) => end(child)))
  proxy.close()
  return 0
}

const folder = mkdtempSync(join(tmpdir(), 'configurable-agents-demo-'))
try {
  process.exitCode = await runDemo(folder)
} catch (error) {
  console.error(
    (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      ? `Port ${port} is in use. Name another with --port.`
      : (error as Error).message,
  )
  process.exitCode = 1
} finally {
  await endAll()
  rmSync(folder, { recursive: true, force: true })
}
