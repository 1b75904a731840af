import { Argument, type Command } from 'commander'
import { dashboardCommand } from '../dashboard/command.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { scripts } from './scripts.ts'

export function completionCommand({ out }: Terminal): Command {
  return dashboardCommand('completion', 'print a script that completes commands, options and agents by the Tab key', [
    'completion bash >> ~/.bashrc',
    'completion zsh >> ~/.zshrc',
    'completion fish > ~/.config/fish/completions/configurable-agents.fish',
  ])
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)))
    .action((shell: keyof typeof scripts) => void out.write(scripts[shell]))
}
