import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** The dashboard itself takes fifteen at the most. */
const endWithinMs = 20_000

const children: ChildProcess[] = []
let isStopping = false

/** Starts `node ...args`; what it prints goes to the terminal, unless it is quiet. */
export function begin(
  args: string[],
  { env = {}, isQuiet = false }: { env?: NodeJS.ProcessEnv; isQuiet?: boolean } = {},
): ChildProcess {
  // Detached: a Ctrl+C in the terminal reaches this program alone, which then ends the others in the right order.
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, ...env },
  })
  children.push(child)
  if (!isQuiet) child.stdout!.pipe(process.stdout, { end: false })
  return child
}

/** Resolves to what `pattern` finds in the output; undefined when the program has ended before. It has said why. */
export async function printed(child: ChildProcess, pattern: RegExp): Promise<string | undefined> {
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

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  const isGone = await Promise.race([gone.then(() => true), sleep(endWithinMs, false, { ref: false })])
  if (!isGone) child.kill('SIGKILL')
  await gone
}

/** Resolves at the first signal to stop; later ones are passed on to the dashboard, which stops at once then. */
export function stopSignal(): Promise<'stopped'> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      if (isStopping) for (const child of children) child.kill(signal)
      isStopping = true
      resolve('stopped')
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  })
}

export const endAll = () => Promise.all(children.map(end))
