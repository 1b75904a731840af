import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

export type Order = { order: 'sql'; path: string; sql: string } | { order: 'dashboard'; path: string }
export type Report = { error: string | undefined }

/** Another process that uses a database file: SQLite's locks mean something only between processes. */
export function startOtherProgram() {
  const child = fork(new URL('./other-program-process.ts', import.meta.url), {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const kill = () => killed(child)
  onTestFinished(kill)

  return {
    /** Runs SQL on a connection that stays open between calls, so a transaction can be left open. */
    sql: (path: string, sql: string) => carryOut(child, { order: 'sql', path, sql }),
    /** Opens the store, as a dashboard does, and keeps it open. */
    openDashboard: (path: string) => carryOut(child, { order: 'dashboard', path }),
    /** Ends the process without a chance to tidy up. */
    kill,
  }
}

async function carryOut(child: ChildProcess, order: Order): Promise<void> {
  const reported = once(child, 'message') as Promise<[Report]>
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The other program has ended.')))
  child.send(order)
  const [{ error }] = await Promise.race([reported, ended])
  if (error !== undefined) throw new Error(error)
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
