import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { isAboutFile } from './database.ts'

export type Order =
  | { order: 'sql'; path: string; sql: string }
  | { order: 'close'; path: string }
  | { order: 'dashboard'; path: string }
  | { order: 'write'; sql: string }
  | { order: 'fault' }
  | { order: 'stop' }
export type Report = { error: string | undefined; answer?: string | undefined }

/** Another process that uses a database file: SQLite's locks mean something only between processes. */
export function startOtherProgram() {
  isAboutFile()
  const child = fork(new URL('./other-program-process.ts', import.meta.url), {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const kill = () => killed(child)
  const ended: Promise<never> = once(child, 'exit').then(() =>
    Promise.reject(new Error('The other program has ended.')),
  )
  ended.catch(() => {})
  const carryOut = (order: Order) => carriedOut(child, order, ended)
  onTestFinished(kill)

  return {
    /** Runs SQL on a connection that stays open between calls, so a transaction can be left open. */
    sql: (path: string, sql: string) => carryOut({ order: 'sql', path, sql }),
    /** Closes that connection. */
    close: (path: string) => carryOut({ order: 'close', path }),
    /** Opens the store, as a dashboard does, and keeps it open. */
    openDashboard: (path: string) => carryOut({ order: 'dashboard', path }),
    /** Has that dashboard make a change. */
    write: (sql: string) => carryOut({ order: 'write', sql }),
    /** What that dashboard says of its file. */
    fault: () => carryOut({ order: 'fault' }),
    /** Closes the store in good order and ends the process, as a dashboard that is told to stop. */
    async stop(): Promise<void> {
      await carryOut({ order: 'stop' })
      await ended.catch(() => {})
    },
    /** Ends the process without a chance to tidy up. */
    kill,
  }
}

async function carriedOut(child: ChildProcess, order: Order, ended: Promise<never>): Promise<string | undefined> {
  const reported = new Promise<Report>((resolve) => child.once('message', resolve))
  child.send(order)
  const { error, answer } = await Promise.race([reported, ended])
  if (error !== undefined) throw new Error(error)
  return answer
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
