import { formatLongDuration } from '../../web/format/times.ts'
import { colored } from '../terminal/print.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type Run, statusOf } from './run.ts'

export type Progress = {
  show(run: Run): void
  /** The connection. */
  lost(): void
  end(): void
}

const clearLine = '\r\u001b[K'

/** A line that moves in a terminal; elsewhere a line for each change of the status. Nothing unless it `isShown`. */
export function createProgress({ err, clock }: Pick<Terminal, 'err' | 'clock'>, isShown: boolean): Progress {
  const startedAt = clock.elapsed()
  let shown = ''

  function say(what: string, line: string): void {
    if (err.isTTY) err.write(`${clearLine}${line}`)
    else if (what !== shown) err.write(`${line}\n`)
    shown = what
  }

  const since = () => formatLongDuration(clock.elapsed() - startedAt)

  return {
    show(run) {
      const { text, tone } = statusOf(run)
      const queue = run.queued ? `: all slots are taken (${run.queued.slots})` : ''
      if (isShown) say(text, `${colored(err, tone, text)}${queue} · ${since()}`)
    },
    lost() {
      say('lost', `connection lost, retrying · ${since()}`)
    },
    end() {
      if (shown !== '' && err.isTTY) err.write(clearLine)
      shown = ''
    },
  }
}
