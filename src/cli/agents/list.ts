import type { Command } from 'commander'
import { formatCost, formatNumber, formatPercent } from '../../web/format/numbers.ts'
import { formatLatency } from '../../web/format/times.ts'
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
import { type Column, tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type AgentList, type ListedAgent, stateOf } from './agent.ts'

export function listCommand(terminal: Terminal): Command {
  return dashboardCommand('list', 'list all agents and their health', [
    'agents list',
    'agents list --json | jq -r \'.agents[] | select(.status == "down") | .agent_id\'',
  ])
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((options: CommonOptions) => list(terminal, options))
}

async function list({ out, err }: Terminal, { url, token, json }: CommonOptions): Promise<void> {
  const text = await dashboardAt(url, token).get(paths.agents())
  if (json) return printJson(out, text)
  const { agents, may_be_offline }: AgentList = JSON.parse(text)
  if (agents.length === 0)
    return printLines(err, ['There are no agents. Register one: configurable-agents agents register URL'])
  printLines(out, tableLines(out, columns, agents))
  if (may_be_offline)
    printLines(err, ['More than half of the agents fail at once: the machine of the dashboard may be offline.'])
}

/** Runs, success and cost are those of 24 hours, as on the orchestrator's page. */
const columns: Column<ListedAgent>[] = [
  { title: 'AGENT', value: ({ agent_id }) => agent_id, minWidth: 24 },
  { title: 'NAME', value: ({ agent_name }) => agent_name, minWidth: 8, leftOutAs: 3 },
  { title: 'STATUS', value: stateOf },
  { title: 'LATENCY', value: ({ latency_ms }) => formatLatency(latency_ms), isNumber: true, leftOutAs: 1 },
  { title: 'RUNS/24H', value: (agent) => formatNumber(agent.last_24_hours?.runs), isNumber: true, leftOutAs: 2 },
  { title: 'SUCCESS', value: (agent) => formatPercent(agent.last_24_hours?.success), isNumber: true, leftOutAs: 2 },
  { title: 'COST', value: (agent) => formatCost(agent.last_24_hours?.cost_usd), isNumber: true, leftOutAs: 4 },
  { title: 'URL', value: ({ agent_url }) => agent_url, minWidth: 16, leftOutAs: 5 },
  { title: 'REASON', value: ({ reason }) => reason ?? '', minWidth: 24 },
]
