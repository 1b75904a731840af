import { Command } from 'commander'
import { printLines } from '../terminal/print.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type KnownCommands, suggestions } from './suggestions.ts'

/** What the scripts of `completion` ask for; `words` begin with the name of the program and end with the one typed now. */
export function completeCommand({ out }: Terminal, commands: KnownCommands): Command {
  return new Command('complete')
    .argument('[words...]')
    .action(async (words: string[]) => printLines(out, await suggestions(words, commands)))
}
