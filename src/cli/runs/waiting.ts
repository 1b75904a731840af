import { hasEnded } from '../../shared/run-status.ts'
import { pause } from '../../shared/time/clock.ts'
import { paths } from '../../web/http/paths.ts'
import type { Dashboard } from '../dashboard/dashboard.ts'
import { NotADashboardError, NotReachableError } from '../dashboard/errors.ts'
import type { Request } from '../dashboard/exchange.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { createProgress, type Progress } from './progress.ts'
import { readRun } from './run.ts'

export type Context = { terminal: Terminal; dashboard: Dashboard }

const retriesMs = [500, 1000, 2000, 4000, 8000]
const never = new AbortController().signal

/** Sends a request that begins a run: again under the same key where its answer was lost, which begins no second one. */
export async function sendOnce({ terminal, dashboard }: Context, request: Request, key: string): Promise<string> {
  const keyed = { ...request, headers: { ...request.headers, 'idempotency-key': key } }
  for (let tries = 0; ; tries++) {
    try {
      return await dashboard.send(keyed)
    } catch (error) {
      if (!(error instanceof NotReachableError) || (tries === 0 && error.isUnsent)) throw error
      const retryMs = retriesMs[tries]
      if (retryMs === undefined) throw mayHaveBegun(error, key)
      if (tries === 0)
        terminal.err.write(`The answer was lost (${error.reason}). Asking again; this begins no second run.\n`)
      await pause(terminal.clock, retryMs, never)
    }
  }
}

function mayHaveBegun({ message }: Error, key: string): CommandError {
  return new CommandError(
    `${message}\nThe run may have begun. To send it again without a second run, add --idempotency-key ${key}`,
    exitCodes.notReachable,
  )
}

const waitSeconds = 20
const followSeconds = 1
const askEveryMs = 1000
/** How long a dashboard may take to start again. */
const maxLost = 60

/** Resolves to the JSON of the run when it has ended. */
export async function endOfRun(context: Context, runId: string, isFollowed: boolean): Promise<string> {
  const { clock } = context.terminal
  const stop = context.terminal.interruption()
  const progress = createProgress(context.terminal, isFollowed)
  try {
    for (let lost = 0; ; ) {
      const askedAt = clock.elapsed()
      const text = await ask(context, runId, isFollowed, stop)
      if (typeof text !== 'string' && ++lost > maxLost) throw text
      if (typeof text === 'string') {
        const run = readRun(text)
        if (hasEnded(run.status)) return text
        lost = 0
        progress.show(run)
      } else progress.lost()
      // A run that its program reports is not waited for.
      await pause(clock, Math.max(0, askEveryMs - (clock.elapsed() - askedAt)), stop)
      stop.throwIfAborted()
    }
  } catch (error) {
    throw leaving(context, runId, progress, error)
  } finally {
    progress.end()
  }
}

async function ask({ dashboard }: Context, runId: string, isFollowed: boolean, signal: AbortSignal) {
  const seconds = isFollowed ? followSeconds : waitSeconds
  try {
    return await dashboard.get(paths.run(runId), { headers: { prefer: `wait=${seconds}` }, signal })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof NotReachableError) return error
    throw error
  }
}

function leaving({ terminal, dashboard }: Context, runId: string, progress: Progress, error: unknown): unknown {
  progress.end()
  const command = (name: string) => `configurable-agents runs ${name} ${runId} --url ${dashboard.url}`
  if (terminal.interruption().aborted)
    return new CommandError(
      `The run continues. To see it: ${command('show')}\nTo stop waiting for it: ${command('cancel')}`,
      exitCodes.interrupted,
    )
  if (!(error instanceof NotReachableError || error instanceof NotADashboardError)) return error
  return new CommandError(
    `${error.message}\nThe run may continue. To see it: ${command('show')}`,
    exitCodes.notReachable,
  )
}
