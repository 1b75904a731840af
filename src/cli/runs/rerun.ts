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
import type { Terminal } from '../terminal/terminal.ts'
import { finishRun, type WaitOptions, waitOptions } from './begun.ts'
import { sendOnce } from './waiting.ts'

type Options = CommonOptions & WaitOptions

export function rerunCommand(terminal: Terminal): Command {
  const command = dashboardCommand('rerun', 'run again with exactly the same inputs', [
    'runs rerun 0199b0c8-7a51-7c3e-9d0a-5f0e6f1f2a3b --wait',
  ])
    .argument('<run>', 'the ID of the run')
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((id: string, options: Options) => rerun(terminal, id, options))
  for (const option of waitOptions()) command.addOption(option)
  return command
}

async function rerun(terminal: Terminal, id: string, options: Options): Promise<void> {
  const context = { terminal, dashboard: dashboardAt(options.url, options.token) }
  const key = options.idempotencyKey ?? terminal.newKey()
  const begun = await sendOnce(context, { method: 'POST', path: paths.rerun(id) }, key)
  await finishRun(context, begun, options)
}
