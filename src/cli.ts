import { Command } from 'commander'
import { backupCommand } from './cli/backup.ts'
import { refuseOptionsKeptByNpm } from './cli/npm-options.ts'
import { restoreCommand } from './cli/restore.ts'
import { uiCommand } from './cli/ui.ts'
import { description, version } from './version.ts'

const program = new Command('configurable-agents')
  .description(description)
  .version(version)
  .addCommand(uiCommand)
  .addCommand(backupCommand)
  .addCommand(restoreCommand)

// Commands that are added do not inherit this.
for (const command of [program, ...program.commands]) command.showHelpAfterError('(--help lists commands and options)')

refuseOptionsKeptByNpm()
await program.parseAsync()
