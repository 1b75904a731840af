import { Command } from 'commander'
import type { Terminal } from '../terminal/terminal.ts'
import { cancelCommand } from './cancel.ts'
import { exportCommand } from './export.ts'
import { listCommand } from './list.ts'
import { rerunCommand } from './rerun.ts'
import { showCommand } from './show.ts'

export function runsCommand(terminal: Terminal): Command {
  return new Command('runs')
    .description('find, show, cancel, rerun and export runs')
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(cancelCommand(terminal))
    .addCommand(rerunCommand(terminal))
    .addCommand(exportCommand(terminal))
}
