import type { Command } from 'commander'
import { dashboardCommand } from '../dashboard/command.ts'
import { usageError } from '../dashboard/dashboard.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { ownOptions } from './own-options.ts'

const examples = [
  'run writer --help',
  'run writer --topic "AI" --max-words 300 --wait',
  'run writer --topic "AI" --tags news --tags science --follow',
  'echo \'{"topic": "AI"}\' | configurable-agents run writer --json - --wait',
  'run writer --input topic="AI" --json --wait | jq .outputs',
]

/** Its options are those of every agent. What follows the agent is read anew, with those that its schema adds. */
export function runCommand(terminal: Terminal): Command {
  const command = dashboardCommand('run', 'run an agent; “run AGENT --help” lists its inputs', examples)
    .usage('<agent> [inputs and options]')
    .argument('[agent]', 'the ID of the agent')
    .argument('[inputs...]', 'its inputs, each by an option of its own')
    .passThroughOptions()
    .action(async (agent: string | undefined, args: string[], tooEarly: object) => {
      if (agent === undefined || Object.keys(tooEarly).length > 0)
        throw usageError('Name the agent first: configurable-agents run AGENT --topic "AI"')
      // Only now: to read schemas takes longer to load than all else.
      const { runAgent } = await import('./run-agent.ts')
      await runAgent(terminal, agent, args)
    })
  for (const option of ownOptions()) command.addOption(option)
  return command
}
