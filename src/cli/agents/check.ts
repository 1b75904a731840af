import type { Command } from 'commander'
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
import { CommandError, exitCodes } from '../exit-codes.ts'
import { printJson, printLines } from '../terminal/print.ts'
import { type Column, tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type Agent, type AgentList, isAvailable, stateOf } from './agent.ts'

export function checkCommand(terminal: Terminal): Command {
  return dashboardCommand('check', 'check the health of an agent now, or of all; ends with 1 when one fails', [
    'agents check',
    'agents check writer && configurable-agents run writer --topic "AI"',
  ])
    .argument('[agent]', 'the ID of the agent; without it, all are checked')
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((id: string | undefined, options: CommonOptions) => check(terminal, id, options))
}

async function check({ out }: Terminal, id: string | undefined, { url, token, json }: CommonOptions): Promise<void> {
  const path = id === undefined ? paths.checkAll() : paths.checkAgent(id)
  const text = await dashboardAt(url, token).send({ method: 'POST', path })
  const answer: AgentList | Agent = JSON.parse(text)
  const agents = 'agents' in answer ? answer.agents : [answer]
  if (json) printJson(out, text)
  else printLines(out, tableLines(out, columns, agents))
  if (!agents.every(isAvailable)) throw new CommandError('', exitCodes.failed)
}

const columns: Column<Agent>[] = [
  { title: 'AGENT', value: ({ agent_id }) => agent_id, minWidth: 24 },
  { title: 'STATUS', value: stateOf },
  { title: 'LATENCY', value: ({ latency_ms }) => formatLatency(latency_ms), isNumber: true },
  { title: 'REASON', value: ({ reason }) => reason ?? '', minWidth: 20 },
]
