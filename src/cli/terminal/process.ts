import { v7 } from 'uuid'
import { systemClock } from '../../shared/clock.ts'
import type { Output, Terminal } from './terminal.ts'

/** The terminal that this process runs in. */
export function processTerminal(): Terminal {
  return {
    out: quietlyClosed(process.stdout),
    err: quietlyClosed(process.stderr),
    input: process.stdin,
    clock: systemClock,
    newKey: () => v7(),
    interruption() {
      const interruption = new AbortController()
      process.once('SIGINT', () => interruption.abort())
      return interruption.signal
    },
  }
}

/** `| head` closes its end when it has enough. */
function quietlyClosed(output: Output): Output {
  return output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}
