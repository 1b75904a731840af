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
import { printJson, printLines } from '../terminal/print.ts'
import { safeLine } from '../terminal/safe-text.ts'
import type { Terminal } from '../terminal/terminal.ts'

export function cancelCommand(terminal: Terminal): Command {
  return dashboardCommand('cancel', 'stop waiting for a run; the agent itself is not told to stop', [
    'runs cancel 0199b0c8-7a51-7c3e-9d0a-5f0e6f1f2a3b',
  ])
    .argument('<run>', 'the ID of the run')
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((id: string, options: CommonOptions) => cancel(terminal, id, options))
}

async function cancel({ out }: Terminal, id: string, { url, token, json }: CommonOptions): Promise<void> {
  const text = await dashboardAt(url, token).send({ method: 'POST', path: paths.cancelRun(id) })
  if (json) return printJson(out, text)
  const { status, message } = JSON.parse(text)
  printLines(out, [safeLine(`The run is ${status}. ${message ?? ''}`)])
}
