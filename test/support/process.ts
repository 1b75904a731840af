import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { isPostgres } from '../../src/config/database.ts'
import { freshDatabase, isAboutFile, sharedKey } from './store/database.ts'
import { isOnPostgres } from './store/which.ts'
import { temporaryFolder } from './temporary.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A program of the project as a process of its own. It is ended when the test ends. */
export type Program = {
  child: ChildProcess
  /** All that it printed so far, both streams. */
  output: () => string
  /** Resolves to the exit code when it has ended; null when a signal ended it. */
  ended: Promise<number | null>
  stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** Starts `node ...args` in the project's folder. */
export function startProgram(args: string[], env: Record<string, string> = {}, cwd = root): Program {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  onTestFinished(async () => {
    await stop('SIGKILL')
  })
  return { child, output: () => output, ended, stop }
}

/** Resolves to what `pattern` found in what the program prints; rejects with all of that when it ends before. */
export async function printed(program: Program, pattern: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = pattern.exec(program.output())
    if (found) return found
    const more = Promise.race([once(program.child.stdout!, 'data'), once(program.child.stderr!, 'data')])
    const isOver = await Promise.race([more.then(() => false), program.ended.then(() => true)])
    if (isOver && !pattern.test(program.output())) throw new Error(`It ended early and said: ${program.output()}`)
  }
}

/** Another one takes up soon what one that was killed had. */
const onShared = { CONFIGURABLE_AGENTS_SECRET_KEY: sharedKey, CONFIGURABLE_AGENTS_LEASE_SECONDS: '1' }

export type Dashboard = Program & { url: string; db: string }

/** `configurable-agents ui` on a free port and, unless one is given, a fresh database. */
export async function startDashboard(
  options: { db?: string; port?: number; env?: Record<string, string> } = {},
): Promise<Dashboard> {
  const db = options.db ?? (isOnPostgres ? await freshDatabase() : `${temporaryFolder()}/workflows.db`)
  if (!isPostgres(db)) isAboutFile()
  const args = ['bin/configurable-agents.js', 'ui', '--port', String(options.port ?? 0), '--db', db]
  const program = startProgram(args, {
    ...(isOnPostgres && onShared),
    ...options.env,
  })
  const [, url] = await printed(program, /dashboard: (http:\S+)/)
  return { ...program, url: url!, db }
}

/** One of the sample agents of the demo, on a port of its own. */
export async function startSampleAgent(name: 'summarizer' | 'researcher', port = 0, ...args: string[]) {
  const program = startProgram([`demo/agents/${name}.ts`, '--port', String(port), ...args])
  const [url] = await printed(program, /http:\/\/\S+/)
  return { ...program, url, port: Number(new URL(url).port) }
}
