import type { Command } from 'commander'
import { plural } from '../../shared/plural.ts'
import { paths } from '../../web/http/paths.ts'
import {
  type CommonOptions,
  dashboardAt,
  dashboardCommand,
  jsonOption,
  tokenOption,
  urlOption,
} from '../dashboard/command.ts'
import { printJson, printLines } from '../terminal/print.ts'
import { safeLine } from '../terminal/safe-text.ts'
import type { Terminal } from '../terminal/terminal.ts'

export function removeCommand(terminal: Terminal): Command {
  return dashboardCommand('remove', 'remove an agent from the list; its runs stay', ['agents remove writer'])
    .argument('<agent>', 'the ID of the agent')
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((id: string, options: CommonOptions) => remove(terminal, id, options))
}

async function remove({ out }: Terminal, id: string, { url, token, json }: CommonOptions): Promise<void> {
  const dashboard = dashboardAt(url, token)
  const { agent_name, runs } = JSON.parse(await dashboard.get(paths.removeAgent(id)))
  const text = await dashboard.send({ method: 'DELETE', path: paths.agent(id) })
  if (json) return printJson(out, text)
  printLines(out, [safeLine(`Removed ${agent_name}. Its ${plural(runs, 'run stays', 'runs stay')}.`)])
}
