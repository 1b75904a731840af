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
import type { Dashboard } from '../dashboard/dashboard.ts'
import { CommandError } from '../exit-codes.ts'
import { printJson, printLines } from '../terminal/print.ts'
import { safeLine } from '../terminal/safe-text.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type AccessOptions, readAccess, withAccessOptions } from './access.ts'

type Options = CommonOptions & AccessOptions & { id?: string; name?: string; description?: string; anyway?: boolean }

type Diagnosis = {
  ok: boolean
  lines: { verdict: string; message: string; next: string | null }[]
  suggestion: { agent_id: string; agent_name: string; description: string } | null
}

export function registerCommand(terminal: Terminal): Command {
  const command = dashboardCommand(
    'register',
    'register an agent by its URL, or update it; its health is checked first',
    [
      'agents register http://localhost:8001',
      'agents register http://localhost:8001 --id writer --name "Article writer"',
      'agents register https://agents.example.com --bearer-from token.txt',
    ],
  )
    .argument('<agent-url>', 'where the agent answers')
    .option('--id <id>', 'its ID; without it, one is made from what the agent says of itself')
    .option('--name <name>', 'its name')
    .option('--description <text>', 'what it is for')
  return withAccessOptions(command)
    .option('--anyway', 'save it even if it does not answer; needs --id and --name')
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((agentUrl: string, options: Options) => register(terminal, agentUrl, options))
}

async function register(terminal: Terminal, agentUrl: string, options: Options): Promise<void> {
  const dashboard = dashboardAt(options.url, options.token)
  const { id, name, description, anyway } = options
  const access = await readAccess(terminal, options)
  const suggested = id !== undefined && name !== undefined ? undefined : await suggestion(dashboard, agentUrl, access)
  const body = JSON.stringify({
    agent_id: id ?? suggested?.agent_id,
    agent_name: name ?? suggested?.agent_name ?? id,
    agent_url: agentUrl,
    description: description ?? suggested?.description,
    ...access,
    ...(anyway && { anyway: true }),
  })
  const text = await dashboard.send({ method: 'POST', path: paths.register(), body })
  if (options.json) return printJson(terminal.out, text)
  const { agent_id, agent_url, message } = JSON.parse(text)
  printLines(terminal.out, [safeLine(`${message} ID: ${agent_id}, URL: ${agent_url}`)])
}

/** What the page fills in by its button Test. Throws CommandError with what to do where the test fails. */
async function suggestion(dashboard: Dashboard, agentUrl: string, access: object) {
  const body = JSON.stringify({ agent_url: agentUrl, ...access })
  const { suggestion, lines }: Diagnosis = JSON.parse(
    await dashboard.send({ method: 'POST', path: paths.testUrl(), body }),
  )
  const failed = lines.find(({ verdict }) => verdict === 'fail')
  if (failed) throw new CommandError(safeLine([failed.message, failed.next].filter(Boolean).join(' ')))
  return suggestion ?? undefined
}
