import { Command } from 'commander'
import type { Terminal } from '../terminal/terminal.ts'
import { checkCommand } from './check.ts'
import { editCommand } from './edit.ts'
import { listCommand } from './list.ts'
import { registerCommand } from './register.ts'
import { removeCommand } from './remove.ts'
import { showCommand } from './show.ts'

export function agentsCommand(terminal: Terminal): Command {
  return new Command('agents')
    .description('list, register, change, check and remove agents')
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(registerCommand(terminal))
    .addCommand(editCommand(terminal))
    .addCommand(checkCommand(terminal))
    .addCommand(removeCommand(terminal))
}
