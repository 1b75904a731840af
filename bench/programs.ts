import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryEnv, memoryFlags } from '../bin/memory-limits.js'
import type { Figures } from './loop-delay.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Where the dashboard keeps it too. What is loaded into it besides would else load Node's compiler of types: 17 MB. */
const compileCache = join(tmpdir(), 'node-compile-cache')

const command = 'bin/configurable-agents.js'

/** Makes the package, and gives its command: beside `src` the same command would run that. */
export function buildPackage(folder: string): string {
  execFileSync(process.execPath, ['build.ts'], { cwd: root })
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true })
  for (const name of ['dist', 'node_modules', 'package.json', 'public', 'views'])
    symlinkSync(join(root, name), join(folder, name))
  return join(folder, command)
}

export type Bare = { url: string; keep: (name: string, bytes: string) => Promise<string>; stop: () => void }

/** The yardstick of bare.ts. `keep` resolves to the address at which it sends the bytes it was given. */
export async function startBare(): Promise<Bare> {
  const child = fork(fileURLToPath(new URL('./bare.ts', import.meta.url)))
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  return {
    url,
    async keep(name, bytes) {
      child.send({ name, bytes })
      await once(child, 'message')
      return `${url}/bare/${name}`
    },
    stop: () => child.disconnect(),
  }
}

export type Dashboard = Awaited<ReturnType<typeof startDashboard>>

/** The dashboard as users start it. Resolves when it has printed its address. */
export async function startDashboard(
  db: string,
  env: Record<string, string> = {},
  imports = ['./bench/loop-delay.ts'],
  program = command,
) {
  const startedAt = performance.now()
  const loaded = imports.flatMap((path) => ['--import', path])
  // Started as it would start itself again: that would close the channel over which it is measured.
  const args = [...loaded, ...memoryFlags, program, 'ui', '--port', '0', '--db', db]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...memoryEnv, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const url = await printedAddress(child)
  await (await fetch(`${url}/health`)).text()
  return {
    url,
    pid: child.pid!,
    startMs: performance.now() - startedAt,
    /** What it needed since this was last asked. */
    async figures(): Promise<Figures> {
      child.send('figures')
      return (await once(child, 'message'))[0] as Figures
    },
    /** How much of the processor its longest turn took since this was last asked; with turns.ts loaded. */
    async longestTurnMs(): Promise<number> {
      child.send('turns')
      return (await once(child, 'message'))[0] as number
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'close')
    },
  }
}

async function printedAddress(child: ChildProcess): Promise<string> {
  let output = ''
  const stdout = child.stdout!.setEncoding('utf8')
  // It prints more later, and would end where nobody takes that.
  for await (const text of stdout.iterator({ destroyOnReturn: false })) {
    output += text
    const url = /dashboard: (http:\S+)/.exec(output)?.[1]
    if (url === undefined) continue
    stdout.resume()
    return url
  }
  throw new Error(`The dashboard ended early: ${output}`)
}
