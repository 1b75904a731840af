import type { MoveStep } from '../../store/move/compare.ts'
import type { Terminal } from '../terminal/terminal.ts'

const clearLine = '\r\u001b[K'

/** A line that moves in a terminal; elsewhere a line for each table. */
export function createMoveProgress({ err }: Pick<Terminal, 'err'>) {
  let shown = ''

  return {
    show({ doing, name, done, of }: MoveStep): void {
      const what = `${doing === 'moving' ? 'Moving' : 'Comparing'} ${name}`
      if (err.isTTY) err.write(`${clearLine}${what}: ${done.toLocaleString('en-US')} of ${of.toLocaleString('en-US')}`)
      else if (what !== shown) err.write(`${what}: ${of.toLocaleString('en-US')}\n`)
      shown = what
    },

    end(): void {
      if (shown !== '' && err.isTTY) err.write(clearLine)
      shown = ''
    },
  }
}
