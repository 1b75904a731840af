import type { Command } from 'commander'
import { plural } from '../shared/plural.ts'
import { formatCost, formatNumber } from '../web/format/numbers.ts'
import { formatDuration } from '../web/format/times.ts'
import { paths } from '../web/http/paths.ts'
import { type Agent, summaryOf } from './agents/agent.ts'
import {
  type CommonOptions,
  dashboardAt,
  dashboardCommand,
  jsonOption,
  tokenOption,
  urlOption,
} from './dashboard/command.ts'
import type { Dashboard } from './dashboard/dashboard.ts'
import { ProblemError } from './dashboard/errors.ts'
import { CommandError } from './exit-codes.ts'
import { factLines } from './terminal/facts.ts'
import { printJson, printLines } from './terminal/print.ts'
import type { Terminal } from './terminal/terminal.ts'

type Overview = {
  agents: { registered: number; down: number; list: Agent[] }
  last_24_hours: { runs: number; failed: number; p50_seconds: number | null; p95_seconds: number | null }
  running: { runs: number }
  cost: { this_week: number | null }
}

export function statusCommand(terminal: Terminal): Command {
  return dashboardCommand(
    'status',
    'show how the dashboard and its agents are; ends with 1 while the database cannot be written',
    ['status', 'status --url http://dashboard.example.com:8000', 'status --json | jq .agents.down'],
  )
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((options: CommonOptions) => status(terminal, options))
}

async function status({ out }: Terminal, { url, token, json }: CommonOptions): Promise<void> {
  const dashboard = dashboardAt(url, token)
  const text = await dashboard.get(paths.overview())
  const fault = await storageFault(dashboard)
  if (json) {
    printJson(out, text)
    if (fault !== undefined) throw new CommandError(fault)
    return
  }
  const { agents, last_24_hours: day, running, cost }: Overview = JSON.parse(text)
  const { registered, down, list } = agents
  printLines(
    out,
    factLines(out, [
      ['Dashboard', dashboard.url],
      ['Database', fault, 'bad'],
      ['Agents', registered === 0 ? 'none' : `${registered}: ${summaryOf(list)}`, down > 0 ? 'bad' : undefined],
      ['Running', plural(running.runs, 'run')],
      ['Last 24 h', `${plural(day.runs, 'run')}, ${formatNumber(day.failed)} failed`],
      ['Duration', `p50 ${formatDuration(day.p50_seconds)}, p95 ${formatDuration(day.p95_seconds)}`],
      ['Cost', `${formatCost(cost.this_week)} this week`],
    ]),
  )
  if (fault !== undefined) throw new CommandError('')
}

async function storageFault(dashboard: Dashboard): Promise<string | undefined> {
  try {
    await dashboard.get(paths.readiness())
    return undefined
  } catch (error) {
    if (error instanceof ProblemError && error.status === 503) return error.message
    throw error
  }
}
