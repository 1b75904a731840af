import type { RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunList } from '../../orchestrator/history/list.ts'
import type { RunQueries } from '../../orchestrator/history/queries.ts'
import type { RunQueryError } from '../../orchestrator/history/query.ts'
import { plural } from '../../shared/plural.ts'
import { localMoment } from '../format/local-moments.ts'
import type { Times } from '../format/times.ts'
import { cutMiddle } from '../markup/cut.ts'
import type { RunLinks } from './links.ts'

/** In bytes; a menu is narrow. */
const maxName = 60

export type RunPageContext = {
  queries: RunQueries
  links: RunLinks
  errors: RunQueryError[]
  /** Whether who looks sees all agents, and runs of none. */
  seesAll: boolean
}
type RunTime = NonNullable<RunQuery['time']>

const times: Record<RunTime, string> = {
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  month: 'Last 30 days',
  today: 'Today',
  yesterday: 'Yesterday',
  'this-week': 'This week',
}
const sorts: Record<RunQuery['sort'], string> = {
  started: 'Newest first',
  '-started': 'Oldest first',
  duration: 'Longest first',
  '-duration': 'Shortest first',
  tokens: 'Most tokens first',
  '-tokens': 'Fewest tokens first',
  cost: 'Most expensive first',
  '-cost': 'Cheapest first',
}
/** The menu lists so many; others are typed. */
const maxAgents = 50

export function presentRunFilters(list: RunList, { queries, links, errors, seesAll }: RunPageContext, reader: Times) {
  const { query } = list
  const { filter } = query
  const errorIn = (field: string) => errors.find((error) => error.field === field)
  const field = (name: string, value: string) => {
    const error = errorIn(name)
    return { value: error ? error.typed : value, error: error ? presentError(error) : undefined }
  }
  const more = [filter.workflow, filter.longerThanSeconds].filter((value) => value !== undefined).length
  const isFiltered = isAnyFiltered(query.filter)
  return {
    agents: presentAgents(list, seesAll),
    statuses: filter.statuses,
    time: {
      ...presentTime(query, links, reader),
      from: field('from', query.time ? '' : localMoment(filter.from, reader.zone)),
      to: field('to', query.time ? '' : localMoment(filter.to, reader.zone)),
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
    sorts: Object.entries(sorts).map(([value, word]) => ({ value, word, isChosen: value === query.sort })),
    isFiltered,
    clearPath: isFiltered || errors.length > 0 ? links.unfiltered() : '',
    hasTimeError: ['time', 'from', 'to'].some((name) => errorIn(name)),
    hasMoreError: errorIn('longer') !== undefined,
    errors: errors.filter(({ field }) => field !== 'q').map((error) => presentErrorInMenu(error, query, links)),
  }
}

export function isAnyFiltered(filter: RunQuery['filter']): boolean {
  const { agents, statuses, search, ...others } = filter
  const isListed = agents.length + statuses.length + search.length > 0
  return isListed || Object.values(others).some((value) => value !== undefined)
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
  status: 'Status',
}

function presentErrorInMenu(error: RunQueryError, { filter }: RunQuery, links: RunPageContext['links']) {
  const isPosition = error.field === 'older' || error.field === 'newer'
  return {
    ...presentError(error),
    label: error.isUnknown ? error.field : (labels[error.field] ?? ''),
    ...(error.field === 'status'
      ? {
          consequence: 'No run has it.',
          dropPath: links.filtered({ statuses: filter.statuses.filter((status) => status !== error.typed) }),
        }
      : { consequence: isPosition ? 'The first page is shown.' : 'This is not applied.', dropPath: '' }),
  }
}

function presentAgents({ query, agents, localRuns }: RunList, seesAll: boolean) {
  const chosen = query.filter.agents
  const known = new Map(agents.map(({ id, name }) => [id, name]))
  const unknown = chosen.filter((id) => id !== localRuns && !known.has(id))
  const all = [
    ...agents.map(({ id, name }) => ({
      id,
      label: id,
      note: name === undefined ? 'not registered' : cutMiddle(name, maxName),
    })),
    ...unknown.map((id) => ({ id, label: id, note: 'unknown' })),
    ...(seesAll || chosen.includes(localRuns) ? [{ id: localRuns, label: 'Local runs', note: 'no agent' }] : []),
  ].map((choice) => ({ ...choice, isChosen: chosen.includes(choice.id) }))
  const isLong = all.length > maxAgents
  const choices = isLong ? all.toSorted(byChosen).slice(0, maxAgents) : all
  const [one] = choices.filter(({ isChosen }) => isChosen)
  return {
    label: chosen.length === 0 ? 'All agents' : chosen.length === 1 ? one!.label : plural(chosen.length, 'agent'),
    choices,
    isLong,
    isActive: chosen.length > 0,
  }
}

const byChosen = (a: { isChosen: boolean }, b: { isChosen: boolean }) => Number(b.isChosen) - Number(a.isChosen)

function presentTime(query: RunQuery, links: RunLinks, reader: Times) {
  const { from, to } = query.filter
  return {
    label: timeLabel(query, reader),
    isActive: from !== undefined || to !== undefined,
    zone: reader.zone.wordAt(reader.now),
    name: query.time,
    choices: [
      { word: 'Any time', path: links.during(undefined), isChosen: from === undefined && to === undefined },
      ...Object.entries(times).map(([name, word]) => ({
        word,
        path: links.during(name as RunTime),
        isChosen: query.time === name,
      })),
    ],
  }
}

/** As a `datetime-local` field has it. */
function timeLabel({ time, filter: { from, to } }: RunQuery, reader: Times): string {
  if (time) return times[time]
  if (from === undefined && to === undefined) return 'Any time'
  if (to === undefined) return `Since ${momentText(from!, reader)}`
  if (from === undefined) return `Until ${momentText(to, reader)}`
  return rangeText(from, to, reader)
}

function rangeText(from: number, to: number, reader: Times): string {
  const { zone, day, clock } = reader
  const isWhole = (at: number) => zone.startOfDay(at) === at
  const last = isWhole(to) ? to - 1 : to
  if (zone.startOfDay(from) === zone.startOfDay(last))
    return isWhole(from) && isWhole(to) ? day(from) : `${day(from)}, ${clock(from)} – ${clock(to)}`
  return `${momentText(from, reader)} – ${isWhole(to) ? day(last) : momentText(to, reader)}`
}

function momentText(at: number, { zone, day, clock }: Times): string {
  return zone.startOfDay(at) === at ? day(at) : `${day(at)}, ${clock(at)}`
}
