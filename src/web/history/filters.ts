import type { RunFilter, RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunList } from '../../orchestrator/history/list.ts'
import type { RunQueries } from '../../orchestrator/history/queries.ts'
import type { RunQueryError } from '../../orchestrator/history/query.ts'
import { plural } from '../../shared/plural.ts'
import { formatNumber } from '../format/numbers.ts'
import { presentStatus } from '../format/run.ts'
import { presentCount } from './count.ts'
import type { RunLinks } from './links.ts'

export type RunPageContext = { queries: RunQueries; links: RunLinks; errors: RunQueryError[] }

const times = { hour: 'Last hour', day: 'Last 24 hours', week: 'Last 7 days', month: 'Last 30 days' }
/** Shown even when no run has them: `pending` would come and go. */
const usualStatuses = ['pending', 'running', 'completed', 'failed']
const order = ['pending', 'running', 'completed', 'failed', 'lost', 'cancelled']

export function presentRunFilters(list: RunList, { queries, links, errors }: RunPageContext) {
  const { query } = list
  const { filter } = query
  const errorIn = (field: string) => errors.find((error) => error.field === field)
  const field = (name: string, value: string) => {
    const error = errorIn(name)
    return { value: error ? error.typed : value, error: error ? presentError(error) : undefined }
  }
  const { from, to } = filter
  const more = [filter.workflow, filter.longerThanSeconds].filter((value) => value !== undefined).length
  return {
    agents: presentAgents(list),
    statuses: presentStatuses(list, links),
    time: {
      label: timeLabel(query, queries),
      isActive: from !== undefined || to !== undefined,
      choices: [
        { word: 'Any time', path: links.during(undefined), isChosen: from === undefined && to === undefined },
        ...Object.entries(times).map(([name, word]) => ({
          word,
          path: links.during(name as RunQuery['time']),
          isChosen: query.time === name,
        })),
      ],
      name: query.time,
      from: field('from', query.time || from === undefined ? '' : queries.writeMoment(from)),
      to: field('to', to === undefined ? '' : queries.writeMoment(to, true)),
      error: errorIn('time')?.message,
    },
    more: {
      label: more === 0 ? 'More' : `More · ${more}`,
      isActive: more > 0,
      workflow: { value: filter.workflow ?? '' },
      longer: field(
        'longer',
        filter.longerThanSeconds === undefined ? '' : queries.writeDuration(filter.longerThanSeconds),
      ),
    },
    search: field('q', query.text),
    sort: query.sort === 'started' ? '' : query.sort,
    chips: presentChips(list, queries, links),
    clearPath: links.unfiltered(),
    hasTimeError: ['time', 'from', 'to'].some((name) => errorIn(name)),
    hasMoreError: errorIn('longer') !== undefined,
    errors: errors.filter(({ field }) => field !== 'q').map(presentErrorInMenu),
  }
}

function presentError({ message, typed, at }: RunQueryError) {
  return { message, good: typed.slice(0, at ?? 0), bad: typed.slice(at ?? 0) }
}

const labels: Record<string, string> = {
  from: 'From',
  to: 'To',
  time: 'Time',
  longer: 'Longer than',
  columns: 'Columns',
  sort: 'Order',
}

function presentErrorInMenu(error: RunQueryError) {
  const isPosition = error.field === 'older' || error.field === 'newer'
  return {
    ...presentError(error),
    label: error.isUnknown ? error.field : (labels[error.field] ?? ''),
    consequence: isPosition ? 'The first page is shown.' : 'This is not applied.',
  }
}

function presentAgents({ query, agents, localRuns }: RunList) {
  const chosen = query.filter.agents
  const nameOf = new Map(agents.map(({ id, name }) => [id, name]))
  const unknown = chosen.filter((id) => id !== localRuns && !nameOf.has(id))
  const choices = [
    ...agents.map(({ id, name }) => ({ id, label: name ?? id, note: name === undefined ? 'removed' : id })),
    ...unknown.map((id) => ({ id, label: id, note: 'unknown' })),
    { id: localRuns, label: 'Local runs', note: 'of the Python program' },
  ].map((choice) => ({ ...choice, isChosen: chosen.includes(choice.id) }))
  const [one] = choices.filter(({ isChosen }) => isChosen)
  return {
    label: chosen.length === 0 ? 'All agents' : chosen.length === 1 ? one!.label : plural(chosen.length, 'agent'),
    choices,
    isActive: chosen.length > 0,
  }
}

function presentStatuses({ query, counts, statuses }: RunList, links: RunLinks) {
  const chosen = query.filter.statuses
  const { byStatus } = counts
  return {
    all: {
      runs: presentCount(counts),
      path: links.filtered({ statuses: [] }),
      isChosen: chosen.length === 0,
    },
    each: [...new Set([...usualStatuses, ...statuses, ...chosen])].sort(byUse).map((status) => ({
      status,
      word: presentStatus(status).word,
      runs: byStatus ? formatNumber(byStatus.get(status) ?? 0) : '',
      isChosen: chosen.includes(status),
    })),
  }
}

function byUse(a: string, b: string): number {
  const position = (status: string) => (order.includes(status) ? order.indexOf(status) : order.length)
  return position(a) - position(b)
}

function timeLabel({ time, filter: { from, to } }: RunQuery, { writeMoment }: RunQueries): string {
  if (time) return times[time]
  const start = from === undefined ? undefined : formatTyped(writeMoment(from))
  const end = to === undefined ? undefined : formatTyped(writeMoment(to, true))
  if (start !== undefined && end !== undefined) return start === end ? start : `${start} – ${shortEnd(start, end)}`
  if (start !== undefined) return `Since ${start}`
  return end === undefined ? 'Any time' : `Until ${end}`
}

const formatTyped = (moment: string) => moment.replace('T', ' ')
const shortEnd = (start: string, end: string) =>
  start.length > 10 && end.length > 10 && start.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end

function presentChips({ query, localRuns }: RunList, queries: RunQueries, links: RunLinks) {
  const { filter } = query
  const chip = (name: string, value: string, change: Partial<RunFilter>) => ({
    name,
    value,
    label: `Remove the filter ${name === '' ? value : `${name} ${value}`}`,
    path: links.filtered(change),
  })
  const without = <T>(list: T[], one: T) => list.filter((other) => other !== one)
  return [
    ...filter.agents.map((agent) =>
      agent === localRuns
        ? chip('', 'Local runs', { agents: without(filter.agents, agent) })
        : chip('Agent', agent, { agents: without(filter.agents, agent) }),
    ),
    ...filter.statuses.map((status) =>
      chip('Status', presentStatus(status).word, { statuses: without(filter.statuses, status) }),
    ),
    ...(filter.workflow === undefined ? [] : [chip('Workflow', filter.workflow, { workflow: undefined })]),
    ...(filter.from === undefined && filter.to === undefined
      ? []
      : [chip('', timeLabel(query, queries), { from: undefined, to: undefined })]),
    ...(filter.longerThanSeconds === undefined
      ? []
      : [chip('Longer than', formatLonger(filter.longerThanSeconds, queries), { longerThanSeconds: undefined })]),
    ...filter.search.map((term) => chip('', queries.writeSearch([term]), { search: without(filter.search, term) })),
  ]
}

function formatLonger(seconds: number, { writeDuration }: RunQueries): string {
  const text = writeDuration(seconds)
  return /\d$/.test(text) ? `${text}s` : text
}
