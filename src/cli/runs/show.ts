import type { Command } from 'commander'
import { prettyJson } from '../../shared/json/pretty.ts'
import { formatCost, formatNumber } from '../../web/format/numbers.ts'
import { formatDuration } from '../../web/format/times.ts'
import { paths } from '../../web/http/paths.ts'
import {
  type CommonOptions,
  dashboardAt,
  dashboardCommand,
  jsonOption,
  tokenOption,
  urlOption,
} from '../dashboard/command.ts'
import { factLines } from '../terminal/facts.ts'
import { createMoments } from '../terminal/moments.ts'
import { colored, printJson, printLines } from '../terminal/print.ts'
import { safeText } from '../terminal/safe-text.ts'
import type { Output, Terminal } from '../terminal/terminal.ts'
import { durationOf, readRun, statusOf } from './run.ts'

export function showCommand(terminal: Terminal): Command {
  return dashboardCommand('show', 'show a run with its inputs and outputs', [
    'runs show 0199b0c8-7a51-7c3e-9d0a-5f0e6f1f2a3b',
    'runs show 0199b0c8-7a51-7c3e-9d0a-5f0e6f1f2a3b --json | jq .outputs',
  ])
    .argument('<run>', 'the ID of the run')
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((id: string, options: CommonOptions) => show(terminal, id, options))
}

async function show({ out, clock }: Terminal, id: string, { url, token, json }: CommonOptions): Promise<void> {
  const text = await dashboardAt(url, token).get(paths.run(id))
  if (json) return printJson(out, text)
  const run = readRun(text)
  const { exact } = createMoments(clock.now())
  const status = statusOf(run)
  const reasons = (run.errors ?? []).map(({ field, message }): [string, string] => [field, message])
  const facts = factLines(out, [
    ['Run', run.run_id],
    ['Status', status.text, status.tone],
    ['Error', run.error_message, 'bad'],
    ...reasons,
    ['Agent', run.agent_id],
    ['Workflow', run.workflow === run.agent_id ? null : run.workflow],
    ['Started', exact(run.started_at)],
    ['Started by', run.started_by ?? null],
    ['Duration', formatDuration(durationOf(run, clock.now()))],
    ['Tokens', formatNumber(run.total_tokens)],
    ['Cost', formatCost(run.total_cost_usd)],
    ['Rerun of', run.rerun_of],
  ])
  printLines(out, [...facts, ...payload(out, 'Inputs', run.inputs), ...payload(out, 'Outputs', run.outputs)])
}

function payload(out: Output, title: string, json: string): string[] {
  return json === 'null' ? [] : ['', colored(out, 'title', title), safeText(prettyJson(json))]
}
