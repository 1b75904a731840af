import { v7 } from 'uuid'
import { systemClock } from '../../shared/time/clock.ts'
import type { Output, Terminal } from './terminal.ts'

export function processTerminal(): Terminal {
  let interruption: AbortController | undefined
  return {
    out: quietlyClosed(process.stdout),
    err: quietlyClosed(process.stderr),
    input: process.stdin,
    clock: systemClock,
    newKey: () => v7(),
    interruption() {
      if (!interruption) {
        const stop = new AbortController()
        interruption = stop
        process.once('SIGINT', () => stop.abort())
      }
      return interruption.signal
    },
  }
}

/** `| head` closes its end when it has enough. */
function quietlyClosed(output: Output): Output {
  return output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    if (output !== process.stderr) process.stderr.write(`The output cannot be written: ${error.message}.\n`)
    process.exit(1)
  })
}
