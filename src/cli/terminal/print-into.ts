import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** Help and errors go into this terminal, and throw. Commands that are added inherit none of this by themselves. */
export function printInto({ out, err }: Pick<Terminal, 'out' | 'err'>, command: Command): void {
  command
    .showHelpAfterError('(--help lists commands and options)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      getOutHelpWidth: () => out.columns || usualWidth,
      getErrHelpWidth: () => err.columns || usualWidth,
    })
  for (const one of command.commands) printInto({ out, err }, one)
}

const usualWidth = 100
