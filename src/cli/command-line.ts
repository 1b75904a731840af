import { Command, CommanderError } from 'commander'
import { description, version } from '../version.ts'
import { CommandError, exitCodes } from './exit-codes.ts'
import { printInto } from './terminal/print-into.ts'
import { safeText } from './terminal/safe-text.ts'
import type { Terminal } from './terminal/terminal.ts'

type Load = (terminal: Terminal) => Promise<Command>

/** Only the command that is called is loaded: the dashboard starts without the others, and they without it. */
const commands: Record<string, Load> = {
  ui: async () => (await import('./ui.ts')).uiCommand(),
  agents: async (terminal) => (await import('./agents/agents.ts')).agentsCommand(terminal),
  run: async (terminal) => (await import('./run/command.ts')).runCommand(terminal),
  runs: async (terminal) => (await import('./runs/runs.ts')).runsCommand(terminal),
  status: async (terminal) => (await import('./status.ts')).statusCommand(terminal),
  users: async (terminal) => (await import('./users/users.ts')).usersCommand(terminal),
  backup: async (terminal) => (await import('./backup.ts')).backupCommand(terminal),
  restore: async (terminal) => (await import('./restore.ts')).restoreCommand(terminal),
  move: async (terminal) => (await import('./move/command.ts')).moveCommand(terminal),
  completion: async (terminal) => (await import('./completion/completion.ts')).completionCommand(terminal),
}

/** For scripts of the shell, and in no list. */
const hidden: Record<string, Load> = {
  complete: async (terminal) => {
    const { completeCommand } = await import('./completion/complete.ts')
    return completeCommand(terminal, { names: Object.keys(commands), load: async (name) => commands[name]?.(terminal) })
  },
}

/** Resolves to the exit code. */
export async function runCommandLine(args: string[], terminal: Terminal): Promise<number> {
  const called = { ...commands, ...hidden }[args[0] ?? '']
  const loaded = await Promise.all((called ? [called] : Object.values(commands)).map((load) => load(terminal)))
  const program = new Command('configurable-agents').description(description).version(version).enablePositionalOptions()
  for (const command of loaded) program.addCommand(command)
  printInto(terminal, program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    if (!(error instanceof CommandError)) throw error
    if (error.message !== '') terminal.err.write(`${safeText(error.message)}\n`)
    return error.exitCode
  }
}
