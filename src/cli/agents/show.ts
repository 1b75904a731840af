import type { Command } from 'commander'
import { formatShare } from '../../web/format/numbers.ts'
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
import { factLines } from '../terminal/facts.ts'
import { createMoments } from '../terminal/moments.ts'
import { printJson, printLines } from '../terminal/print.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type Agent, stateOf } from './agent.ts'

type ShownAgent = Agent & {
  uptime: { watched_since: string | null } & Record<string, number | string | null>
  incidents: { started_at: string | null; ended_at: string | null; reason: string }[]
  runs_total: number
}

export function showCommand(terminal: Terminal): Command {
  return dashboardCommand('show', 'show how an agent is', [
    'agents show writer',
    'agents show writer --json | jq .schema',
  ])
    .argument('<agent>', 'the ID of the agent')
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((id: string, options: CommonOptions) => show(terminal, id, options))
}

async function show({ out, clock }: Terminal, id: string, { url, token, json }: CommonOptions): Promise<void> {
  const text = await dashboardAt(url, token).get(paths.agent(id))
  if (json) return printJson(out, text)
  const agent: ShownAgent = JSON.parse(text)
  const { relative, exact } = createMoments(clock.now())
  const state = stateOf(agent)
  printLines(
    out,
    factLines(out, [
      ['Agent', agent.agent_id],
      ['Name', agent.agent_name],
      ['Description', agent.description],
      ['URL', agent.agent_url],
      ['Status', state.text, state.tone],
      ['Reason', agent.reason],
      [
        'Credential',
        agent.credential_url === null ? null : `enter it: agents edit ${agent.agent_id} --bearer-from FILE`,
      ],
      ['Since', exact(agent.since)],
      ['Uptime, 24 h', formatShare(agent.uptime_24h)],
      ['Latency', formatLatency(agent.latency_ms)],
      ['Last seen', relative(agent.last_seen)],
      ['Runs', agent.runs_total.toLocaleString('en-US')],
      ['Registered', `${exact(agent.registered_at)}${agent.registered_by === 'self' ? ', by itself' : ''}`],
    ]),
  )
}
