import type { Command } from 'commander'
import { paths } from '../../web/http/paths.ts'
import {
  type CommonOptions,
  dashboardAt,
  dashboardCommand,
  jsonOption,
  tokenOption,
  urlOption,
} from '../dashboard/command.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { printJson, printLines } from '../terminal/print.ts'
import { safeLine } from '../terminal/safe-text.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type AccessOptions, readAccess, withAccessOptions } from './access.ts'

type Options = CommonOptions &
  AccessOptions & {
    name?: string
    agentUrl?: string
    description?: string
    credential: boolean
    anyway?: boolean
  }

export function editCommand(terminal: Terminal): Command {
  const command = dashboardCommand('edit', 'change an agent; what is new is checked before it is saved', [
    'agents edit writer --name "Article writer"',
    'agents edit writer --bearer-from token.txt',
    'pass show writer | configurable-agents agents edit writer --bearer-from -',
  ])
    .argument('<agent>', 'the ID of the agent')
    .option('--name <name>', 'its name')
    .option('--agent-url <agent-url>', 'where it answers')
    .option('--description <text>', 'what it is for')
  return withAccessOptions(command)
    .option('--no-credential', 'send none any more')
    .option('--anyway', 'save it whatever the check finds')
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((id: string, options: Options) => edit(terminal, id, options))
}

async function edit(terminal: Terminal, id: string, options: Options): Promise<void> {
  const dashboard = dashboardAt(options.url, options.token)
  const { name, agentUrl, description, anyway } = options
  const changes = {
    ...(name !== undefined && { agent_name: name }),
    ...(agentUrl !== undefined && { agent_url: agentUrl }),
    ...(description !== undefined && { description }),
    ...(!options.credential && { credential: null }),
    ...(await readAccess(terminal, options)),
  }
  if (Object.keys(changes).length === 0) throw new CommandError('Say what to change; see --help.', exitCodes.usage)
  const body = JSON.stringify({ ...changes, ...(anyway && { anyway: true }) })
  const text = await dashboard.send({ method: 'POST', path: paths.editAgent(id), body })
  if (options.json) return printJson(terminal.out, text)
  const { agent_name: saved, check } = JSON.parse(text)
  printLines(terminal.out, [safeLine(`Saved ${saved}.${check ? ` ${check.message}` : ''}`)])
}
