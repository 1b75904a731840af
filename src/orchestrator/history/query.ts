import { type FieldError, InvalidInputError } from '../../shared/errors.ts'
import { readMoment, writeMoment } from '../../shared/text/moments.ts'
import { utc, type Zone } from '../../shared/time/zone.ts'
import type { HistoryStore } from '../../store/ports/history.ts'
import { type RunColumn, readColumn, writeColumn } from './columns.ts'
import { readDuration, writeDuration } from './durations.ts'
import { orderOf, type RunFilter, type RunQuery, runSorts } from './filter.ts'
import { emptyOrRepeated, unknownNames } from './query-names.ts'
import { type RunTime, rangeOfTime, runTimes } from './run-times.ts'
import { parseSearch } from './search/parse.ts'
import type { SearchTerm } from './search/terms.ts'

/** `at` is where a search goes wrong; `isUnknown`: there is no such field. */
export type RunQueryError = FieldError & { typed: string; at?: number; isUnknown?: true }
type Fields = Record<string, unknown>
/** `time` counts back from `now`, to the start of a minute; its days are those of the zone, or of UTC. */
export type QueryContext = { now: number; zone?: Zone } & Pick<HistoryStore, 'isPosition'>
type Read = <T>(field: string, parse: (text: string) => T | undefined, message: string) => T | undefined

/** Each costs reading the payloads of every row. */
const maxPinned = 8

/** Leniently, for a page: empty fields are ignored, repeated ones count last, those with errors are left out, so the
 * query may select too much. What does more than show runs uses `checkedRunQuery`. */
export function readRunQuery(
  fields: Fields,
  { now, zone = utc, isPosition }: QueryContext,
  more: string[] = [],
): { query: RunQuery; errors: RunQueryError[] } {
  const errors: RunQueryError[] = unknownNames(fields, more)
  const read: Read = (field, parse, message) => {
    const typed = last(fields, field)
    const value = typed === undefined ? undefined : parse(typed)
    if (typed !== undefined && value === undefined) errors.push({ field, message, typed })
    return value
  }
  const { time, from, to } = readTimes(fields, read, (time) => rangeOfTime(time, now, zone))
  const sort = read(
    'sort',
    (text) => runSorts.find((known) => known === text),
    'Sort by started, duration, tokens or cost.',
  )
  const position = (text: string) => (isPosition(text, orderOf(sort ?? 'started').by) ? text : undefined)
  const older = read('older', position, notAPosition)
  // Given both, the older page.
  const newer = older === undefined ? read('newer', position, notAPosition) : undefined
  const longerThanSeconds = read('longer', readDuration, 'Write a length of time, such as 90s, 5m or 1h30m.')
  const workflow = last(fields, 'workflow')
  const filter = { agents: all(fields, 'agent'), statuses: all(fields, 'status'), search: readSearch(fields, errors) }
  return {
    query: {
      filter: { ...filter, ...whatIsThere({ workflow, from, to, longerThanSeconds }) },
      text: last(fields, 'q') ?? '',
      sort: sort ?? 'started',
      columns: readColumns(fields, errors),
      ...whatIsThere({ time, older, newer }),
    },
    errors,
  }
}

/** Throws InvalidInputError, with each error at its field, also for empty and repeated fields. */
export function checkedRunQuery(fields: Fields, context: QueryContext, more: string[] = []): RunQuery {
  const { query, errors } = readRunQuery(fields, context, more)
  const all = [...errors, ...emptyOrRepeated(fields)]
  if (all.length > 0) throw new InvalidInputError(all.map(({ field, message }) => ({ field, message })))
  return query
}

/** What `readRunQuery` reads as this query, without defaults. */
export function runQueryParams({ filter, time, text, sort, older, newer, columns }: RunQuery): URLSearchParams {
  const { from, to, longerThanSeconds } = filter
  const params: [string, string | undefined][] = [
    ...filter.agents.map((agent): [string, string] => ['agent', agent]),
    ...filter.statuses.map((status): [string, string] => ['status', status]),
    ['workflow', filter.workflow],
    ['time', time],
    ['from', time === undefined && from !== undefined ? writeMoment(from) : undefined],
    ['to', time === undefined && to !== undefined ? writeMoment(to, true) : undefined],
    ['longer', longerThanSeconds === undefined ? undefined : writeDuration(longerThanSeconds)],
    ['q', text],
    ['sort', sort === 'started' ? undefined : sort],
    ...columns.map((column): [string, string] => ['columns', writeColumn(column)]),
    ['older', older],
    ['newer', newer],
  ]
  return new URLSearchParams(params.filter((param): param is [string, string] => Boolean(param[1])))
}

const notAPosition = 'This link to a page of runs is not valid.'
const notAMoment = 'Write a day or a time in UTC, such as 2026-11-20 or 2026-11-20T10:00.'
const tooEarly = 'The end has to be after the start.'

type Times = Pick<RunQuery, 'time'> & Pick<RunFilter, 'from' | 'to'>

function readTimes(fields: Fields, read: Read, rangeOf: (time: RunTime) => Times): Times {
  const hasDates = last(fields, 'from') !== undefined || last(fields, 'to') !== undefined
  const time = hasDates ? undefined : read('time', timeNamed, `Choose one of ${runTimes.join(', ')}.`)
  if (time) return { time, ...rangeOf(time) }
  const from = read('from', (text) => readMoment(text), notAMoment)
  const end = read('to', (text) => readMoment(text, true), notAMoment)
  const isAfter = (at: number) => from === undefined || at > from
  const to = end === undefined ? undefined : read('to', () => (isAfter(end) ? end : undefined), tooEarly)
  return { from, to }
}

function readSearch(fields: Fields, errors: RunQueryError[]): SearchTerm[] {
  const typed = last(fields, 'q')
  const read = parseSearch(typed ?? '')
  if ('value' in read) return read.value
  errors.push({ field: 'q', message: read.error, typed: typed!, at: read.at })
  return []
}

function readColumns(fields: Fields, errors: RunQueryError[]): RunColumn[] {
  const columns = new Map<string, RunColumn>()
  for (const typed of all(fields, 'columns')) {
    const column = readColumn(typed)
    const pinned = [...columns.values()].filter(({ kind }) => kind === 'pinned').length
    if (!column) {
      const message = `There is no column “${typed}”. To pin a field, write in.${typed} or out.${typed}.`
      errors.push({ field: 'columns', message, typed })
    } else if (column.kind === 'pinned' && pinned === maxPinned && !columns.has(writeColumn(column))) {
      errors.push({ field: 'columns', message: `Pin at most ${maxPinned} fields.`, typed })
    } else columns.set(writeColumn(column), column)
  }
  return [...columns.values()]
}

const timeNamed = (text: string) => runTimes.find((time) => time === text)

function texts(fields: Fields, field: string): string[] {
  return [fields[field]].flat().filter((value) => typeof value === 'string' && value !== '') as string[]
}

const all = (fields: Fields, field: string): string[] => [...new Set(texts(fields, field))]
const last = (fields: Fields, field: string): string | undefined => texts(fields, field).at(-1)?.trim() || undefined

function whatIsThere<T extends object>(parts: T): T {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as T
}
