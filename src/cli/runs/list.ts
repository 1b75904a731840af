import type { Command } from 'commander'
import { plural } from '../../shared/plural.ts'
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
import { createMoments } from '../terminal/moments.ts'
import { printJson, printLines } from '../terminal/print.ts'
import { type Column, tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type FilterOptions, filterNames, queryOf, withFilters } from './filter.ts'
import { durationOf, type ListedRun, statusOf } from './run.ts'

type RunList = {
  runs: (ListedRun & { pinned?: Record<string, unknown> })[]
  total: number
  total_is_exact: boolean
  older: string | null
  searched_to: string | null
}

export function listCommand(terminal: Terminal): Command {
  const command = dashboardCommand('list', 'list runs, newest first', [
    'runs list --agent writer --status failed --limit 10',
    'runs list --q "in.topic:safety cost>0.05" --sort=-cost --columns out.score',
    'runs list "agent=writer&time=day"',
    "runs list --status failed --json | jq -r '.runs[].run_id'",
  ])
  return withFilters(command)
    .option('--limit <number>', 'how many runs, up to 500')
    .option('--older <cursor>', 'the page after this cursor, which the page before names')
    .option('--newer <cursor>', 'the page before this cursor')
    .addOption(jsonOption())
    .addOption(urlOption())
    .addOption(tokenOption())
    .action((filter: string | undefined, options: FilterOptions) => list(terminal, filter, options))
}

const names = [...filterNames, 'limit', 'older', 'newer']

async function list(terminal: Terminal, filter: string | undefined, options: FilterOptions): Promise<void> {
  const { out, err, clock } = terminal
  const { url, token, json } = options as CommonOptions
  const text = await dashboardAt(url, token).get(paths.runs(queryOf(filter, options, names)))
  if (json) return printJson(out, text)
  const found: RunList = JSON.parse(text)
  if (found.runs.length === 0 && found.searched_to === null) return printLines(err, ['No runs match.'])
  if (found.runs.length > 0) printLines(out, tableLines(out, columnsFor(found, clock.now()), found.runs))
  printLines(err, rest(found))
}

function columnsFor({ runs }: RunList, now: number): Column<RunList['runs'][number]>[] {
  const { relative } = createMoments(now)
  const pinned = Object.keys(runs[0]?.pinned ?? {})
  return [
    { title: 'RUN', value: ({ run_id }) => run_id },
    { title: 'STATUS', value: statusOf },
    { title: 'AGENT', value: ({ agent_id, workflow }) => agent_id ?? workflow, minWidth: 10 },
    { title: 'STARTED', value: ({ started_at }) => relative(started_at), leftOutAs: 1 },
    {
      title: 'DURATION',
      value: (run) => formatDuration(durationOf(run, now)),
      isNumber: true,
      leftOutAs: 2,
    },
    { title: 'TOKENS', value: ({ total_tokens }) => formatNumber(total_tokens), isNumber: true, leftOutAs: 4 },
    { title: 'COST', value: ({ total_cost_usd }) => formatCost(total_cost_usd), isNumber: true, leftOutAs: 3 },
    ...pinned.map((path) => ({
      title: path.toUpperCase(),
      value: (run: RunList['runs'][number]) => valueText(run.pinned?.[path]),
      minWidth: 10,
    })),
  ]
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function rest({ runs, total, total_is_exact, older, searched_to }: RunList): string[] {
  if (older === null) return []
  const cursor = new URLSearchParams(older.slice(older.indexOf('?'))).get('older')
  const searched = searched_to === null ? '' : ` Searched back to ${searched_to}.`
  return [
    `${runs.length} of ${total_is_exact ? '' : 'at least '}${plural(total, 'run')}.${searched} More: --older ${cursor}`,
  ]
}
