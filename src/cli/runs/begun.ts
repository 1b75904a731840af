import { Option } from 'commander'
import { paths } from '../../web/http/paths.ts'
import { printJson, printLines } from '../terminal/print.ts'
import { printEnd } from './outcome.ts'
import { type Context, endOfRun } from './waiting.ts'

export type WaitOptions = { wait?: boolean; follow?: boolean; json?: boolean; idempotencyKey?: string }

export function waitOptions(): Option[] {
  return [
    new Option('--wait', 'wait for the end, and print the outputs'),
    new Option('--follow', 'the same, with the progress on standard error'),
    new Option('--idempotency-key <key>', 'a request repeated under the same key begins no second run'),
  ]
}

export async function finishRun(context: Context, begun: string, options: WaitOptions): Promise<void> {
  const { terminal, dashboard } = context
  const { wait = false, follow = false, json = false } = options
  const { run_id: runId } = JSON.parse(begun) as { run_id: string }
  if (wait || follow) return printEnd(terminal, await endOfRun(context, runId, follow), json)
  if (json) return printJson(terminal.out, begun)
  printLines(terminal.out, [runId])
  printLines(terminal.err, [`Started. See ${dashboard.url}${paths.run(runId)}`])
}
