import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../src/shared/clock.ts'
import { openStore } from '../src/store/sqlite/file/open.ts'
import { alreadyRunning } from './already-running.ts'
import { fillExample } from './example/fill.ts'
import { summarizer } from './fleet/agents.ts'
import { sendRuns } from './fleet/traffic.ts'
import { createRandom } from './random.ts'

const command = fileURLToPath(new URL('../bin/configurable-agents.js', import.meta.url))
const fleet = fileURLToPath(new URL('./fleet/start.ts', import.meta.url))
/** The dashboard itself takes fifteen at the most. */
const endWithinMs = 20_000

const children: ChildProcess[] = []
let isStopping = false

function begin(args: string[]): ChildProcess {
  // Detached: a Ctrl+C in the terminal reaches this program alone, which then ends the others in the right order.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  children.push(child)
  child.stdout!.pipe(process.stdout, { end: false })
  return child
}

/** Resolves to what `pattern` finds in the output; undefined when the program has ended before. It has said why. */
async function printed(child: ChildProcess, pattern: RegExp): Promise<string | undefined> {
  const gone = once(child, 'exit').then(() => undefined)
  let output = ''
  for (;;) {
    const chunk = await Promise.race([once(child.stdout!, 'data'), gone])
    if (chunk === undefined) return undefined
    output += chunk[0]
    const [found] = pattern.exec(output) ?? []
    if (found !== undefined) return found
  }
}

async function fill(database: string): Promise<void> {
  const store = openStore(database, systemClock)
  await fillExample(store, Date.now())
  await store.close()
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  const isGone = await Promise.race([gone.then(() => true), sleep(endWithinMs, false, { ref: false })])
  if (!isGone) child.kill('SIGKILL')
  await gone
}

/** Resolves at the first signal to stop; later ones are passed on to the dashboard, which stops at once then. */
function stopSignal(): Promise<'stopped'> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      if (isStopping) for (const child of children) child.kill(signal)
      isStopping = true
      resolve('stopped')
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  })
}

/** Resolves to the exit code of the dashboard, or 0 when stopped before there was one. */
async function runDemo(database: string): Promise<number> {
  const stopped = stopSignal()
  const running = await alreadyRunning(summarizer.port, summarizer.workflow.workflow)
  if (running) throw new Error(running)
  const ready = printed(begin([fleet]), /listen on/)
  await fill(database)
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
  await Promise.all(children.map(end))
  rmSync(folder, { recursive: true, force: true })
}
