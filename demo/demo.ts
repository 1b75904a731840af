import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { alreadyRunning } from './already-running.ts'
import { shiftToNow } from './shift-example.ts'

const example = fileURLToPath(new URL('../workflows.db.example', import.meta.url))
const command = fileURLToPath(new URL('../bin/configurable-agents.js', import.meta.url))
/** The example's database has them at these ports, so they cannot be moved. */
const agents = [
  { file: fileURLToPath(new URL('./agents/summarizer.ts', import.meta.url)), port: 8001, workflow: 'summarize_text' },
  { file: fileURLToPath(new URL('./agents/researcher.ts', import.meta.url)), port: 8002, workflow: 'research_topic' },
]
/** The dashboard itself takes fifteen at the most. */
const endWithinMs = 20_000

const children: ChildProcess[] = []
let isStopping = false

function begin(args: string[], output: 'pipe' | 'inherit'): ChildProcess {
  // Detached: a Ctrl+C in the terminal reaches this program alone, which then ends the others in the right order.
  const child = spawn(process.execPath, args, { stdio: ['ignore', output, 'inherit'], detached: true })
  children.push(child)
  return child
}

/** Resolves when the agent listens. Rejects when it ended instead; it has said why. */
async function beginAgent({ file, port }: (typeof agents)[number]): Promise<void> {
  const child = begin([file, '--port', String(port)], 'pipe')
  child.stdout!.pipe(process.stdout, { end: false })
  const isReady = await Promise.race([
    once(child.stdout!, 'data').then(() => true),
    once(child, 'exit').then(() => false),
  ])
  if (!isReady) {
    throw new Error(`The demo needs port ${port} here for a sample agent. Free it, then start the demo again.`)
  }
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
  const [running] = (await Promise.all(agents.map(({ port, workflow }) => alreadyRunning(port, workflow)))).filter(
    Boolean,
  )
  if (running) throw new Error(running)
  copyFileSync(example, database)
  shiftToNow(database, Date.now())
  if ((await Promise.race([Promise.all(agents.map(beginAgent)), stopped])) === 'stopped') return 0

  const dashboard = begin([command, 'ui', '--db', database, ...process.argv.slice(2)], 'inherit')
  await Promise.race([once(dashboard, 'exit'), stopped])
  await end(dashboard)
  return dashboard.exitCode ?? 1
}

if (!existsSync(example)) {
  console.error(`${example} is missing. Make it with: npm run example`)
  process.exit(1)
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
