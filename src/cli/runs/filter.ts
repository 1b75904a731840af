import { type Command, Option } from 'commander'

const several = (value: string, earlier: string[] = []) => [...earlier, value]

const repeatable = [
  ['--agent <id>', 'runs of this agent; repeat it for more'],
  ['--status <status>', 'pending, running, completed, failed, cancelled or lost; repeat it for more'],
  ['--columns <path>', 'a path of the inputs or outputs, such as out.score; repeat it for more'],
] as const

const single = [
  ['--q <search>', 'as in the search field of the page: words, in.topic:safety, cost>0.05 …'],
  ['--workflow <name>', 'runs of this workflow'],
  ['--time <range>', 'hour, day, week, month, today, yesterday or this-week'],
  ['--from <time>', 'started at or after this day or time in UTC'],
  ['--to <time>', 'started before the end of this day or time in UTC'],
  ['--longer <duration>', 'took longer than 90s, 5m, 1h30m …'],
  ['--sort <order>', 'started, duration, tokens or cost; with a dash (--sort=-cost) the other way round'],
] as const

export type FilterOptions = Record<string, string | string[] | boolean | undefined>

/** The filters of the page, under the names that they have in its address. */
export function withFilters(command: Command): Command {
  command.argument('[filter]', 'the query of a page\'s address, such as "agent=writer&status=failed"')
  for (const [flags, meaning] of repeatable) command.addOption(new Option(flags, meaning).argParser(several))
  for (const [flags, meaning] of single) command.option(flags, meaning)
  return command
}

export const filterNames = ['agent', 'status', 'columns', 'q', 'workflow', 'time', 'from', 'to', 'longer', 'sort']

/** The query of the API. The dashboard refuses what it does not know. */
export function queryOf(filter: string | undefined, options: FilterOptions, names: string[]): string {
  const query = new URLSearchParams((filter ?? '').replace(/^.*?\?/, ''))
  for (const name of names) {
    const given = options[name]
    if (given === undefined) continue
    query.delete(name)
    for (const value of [given].flat()) query.append(name, String(value))
  }
  return query.toString()
}
