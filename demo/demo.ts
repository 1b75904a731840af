import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { alreadyRunning } from './already-running.ts'
import { writeExample } from './example/write.ts'
import { summarizer } from './fleet/agents.ts'
import { sendRuns } from './fleet/traffic.ts'
import { begin, end, endAll, printed, stopSignal } from './programs.ts'
import { createRandom } from './random.ts'

const command = fileURLToPath(new URL('../bin/configurable-agents.js', import.meta.url))
const fleet = fileURLToPath(new URL('./fleet/start.ts', import.meta.url))

/** Resolves to the exit code of the dashboard, or 0 when stopped before there was one. */
async function runDemo(database: string): Promise<number> {
  const stopped = stopSignal()
  const running = await alreadyRunning(summarizer.port, summarizer.workflow.workflow)
  if (running) throw new Error(running)
  const ready = printed(begin([fleet]), /listen on/)
  await writeExample(database)
  const outcome = await Promise.race([ready, stopped])
  if (outcome === 'stopped') return 0
  if (outcome === undefined) return 1

  const dashboard = begin([command, 'ui', '--db', database, ...process.argv.slice(2)])
  const traffic = new AbortController()
  printed(dashboard, /http:\S+/).then(async (url) => {
    if (url !== undefined) await sendRuns(url, createRandom(Date.now()), traffic.signal)
  })
  await Promise.race([once(dashboard, 'exit'), stopped])
  traffic.abort()
  await end(dashboard)
  return dashboard.exitCode ?? 1
}

const folder = mkdtempSync(join(tmpdir(), 'configurable-agents-demo-'))
try {
  process.exitCode = await runDemo(join(folder, 'workflows.db'))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  await endAll()
  rmSync(folder, { recursive: true, force: true })
}
