import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ownColumns, type RunColumn } from '../../src/orchestrator/history/columns.ts'
import { type RunQuery, runSorts, withFilter } from '../../src/orchestrator/history/filter.ts'
import {
  checkedRunQuery,
  type QueryContext,
  readRunQuery,
  runQueryParams,
} from '../../src/orchestrator/history/query.ts'
import { rangeOfTime, runTimes } from '../../src/orchestrator/history/run-times.ts'
import { writeSearch } from '../../src/orchestrator/history/search/terms.ts'
import { InvalidInputError } from '../../src/shared/errors.ts'
import { utc, zoneNamed } from '../../src/shared/time/zone.ts'
import { anySearchTerm } from '../support/history/search.ts'

const now = Date.parse('2026-11-22T16:14:30.057Z')
const at = (text: string) => Date.parse(`${text}Z`)

/** As the positions of a store may look. */
const context: QueryContext = {
  now,
  isPosition: (text, by) => (by === 'started' ? /^\d+$/ : /^[\d.e+-]*~\d+$/).test(text),
}

/** The fields of an address as fastify gives them: a list where one stands twice. */
function fieldsOf(params: URLSearchParams): Record<string, unknown> {
  const names = new Set(params.keys())
  return Object.fromEntries(
    [...names].map((name) => [name, params.getAll(name).length > 1 ? params.getAll(name) : params.get(name)]),
  )
}

const read = (address: string) => readRunQuery(fieldsOf(new URLSearchParams(address)), context)
function filterOf(address: string) {
  const { query, errors } = read(address)
  expect(errors).toEqual([])
  return query.filter
}
const errorsOf = (address: string) => read(address).errors.map(({ field, message }) => `${field}: ${message}`)

const nothing = { filter: { agents: [], statuses: [], search: [] }, text: '', sort: 'started', columns: [] }

describe('the query of an address', () => {
  test('asks for all runs, newest first, when it says nothing', () => {
    expect(read('').query).toEqual(nothing)
    const empty = 'agent=&status=&workflow=&time=&from=&to=&longer=&q=+&sort=&columns=&older=&newer='
    expect(read(empty)).toEqual({ query: nothing, errors: [] })
    expect(`${runQueryParams(read(empty).query)}`).toBe('')
  })

  test('names agents and statuses, one or several', () => {
    expect(filterOf('agent=writer&status=failed')).toMatchObject({ agents: ['writer'], statuses: ['failed'] })
    expect(filterOf('agent=writer&agent=&agent=/local&agent=writer').agents).toEqual(['writer', '/local'])
  })

  test('counts back from the beginning of this minute', () => {
    expect(filterOf('time=hour')).toMatchObject({ from: at('2026-11-22T15:14') })
    expect(filterOf('time=month')).toMatchObject({ from: at('2026-10-23T16:14') })
    expect(filterOf('time=week')).not.toHaveProperty('to')
  })

  test.each([
    // A Sunday.
    ['UTC', '2026-11-22T16:14', '2026-11-22T00:00', '2026-11-21T00:00', '2026-11-16T00:00'],
    ['Asia/Kolkata', '2026-11-22T18:31', '2026-11-22T18:30', '2026-11-21T18:30', '2026-11-22T18:30'],
    ['America/New_York', '2026-11-02T05:30', '2026-11-02T05:00', '2026-11-01T04:00', '2026-11-02T05:00'],
  ])('names days of the reader: in %s at %s', (zone, moment, today, yesterday, week) => {
    const fieldsAt = (time: string) =>
      readRunQuery({ time }, { ...context, now: at(moment), zone: zoneNamed(zone)! }).query.filter
    expect(fieldsAt('today')).toMatchObject({ from: at(today) })
    expect(fieldsAt('yesterday')).toMatchObject({ from: at(yesterday), to: at(today) })
    expect(fieldsAt('this-week')).toMatchObject({ from: at(week) })
  })

  test('has dates in UTC, the last day being in it', () => {
    const november = filterOf('from=2026-11-01&to=2026-11-30')
    expect(november).toMatchObject({ from: at('2026-11-01T00:00'), to: at('2026-12-01T00:00') })
    const times = filterOf('from=2026-11-20T10:00&to=2026-11-20+10:00:30.5Z')
    expect(times).toMatchObject({ from: at('2026-11-20T10:00'), to: at('2026-11-20T10:00:30.500') })
    expect(filterOf('from=2026-11-20&to=2026-11-20')).toHaveProperty('to', at('2026-11-21T00:00'))
  })

  test('takes dates rather than a time by name', () => {
    expect(filterOf('time=hour&to=2026-11-20')).toEqual({ ...nothing.filter, to: at('2026-11-21T00:00') })
    expect(`${runQueryParams(read('time=hour&from=2026-11-20').query)}`).toBe('from=2026-11-20')
  })

  test.each([
    ['90', 90],
    ['2.5', 2.5],
    ['0', 0],
    ['90s', 90],
    ['5m', 300],
    ['1h30m', 5400],
    ['1H 30Min', 5400],
    ['5m 2s', 302],
    ['1.5h', 5400],
    ['2d', 172_800],
  ])('asks for runs longer than %s', (text, seconds) =>
    expect(filterOf(new URLSearchParams({ longer: text }).toString()).longerThanSeconds).toBe(seconds),
  )

  test('has a search', () => {
    const { query } = read(`q=${encodeURIComponent(' in.topic:"ai safety" -status:failed ')}`)
    expect(query.text).toBe('in.topic:"ai safety" -status:failed')
    expect(query.filter.search.map(({ kind }) => kind)).toEqual(['field', 'status'])
  })

  test('has an order, and a place in it', () => {
    expect(read('sort=-started&older=7123').query).toMatchObject({ sort: '-started', older: '7123' })
    expect(read('sort=cost&newer=0.25~7').query).toMatchObject({ sort: 'cost', newer: '0.25~7' })
    expect(read('sort=-duration&older=~7').query).toMatchObject({ older: '~7' })
    expect(read('older=1&newer=2').query).not.toHaveProperty('newer')
  })

  test('has columns, and fields that are pinned as columns', () => {
    expect(read('columns=cost&columns=out.score&columns=in."my+field".a&columns=cost').query.columns).toEqual([
      { kind: 'own', name: 'cost' },
      { kind: 'pinned', side: 'out', path: ['score'] },
      { kind: 'pinned', side: 'in', path: ['my field', 'a'] },
    ])
  })

  test('takes the last of what can stand only once', () => {
    expect(read('q=a&q=b&q=a&sort=cost&sort=duration').query).toMatchObject({ text: 'a', sort: 'duration' })
  })
})

describe('an error', () => {
  test.each([
    ['time=year', 'time: Choose one of hour, day, week, month, today, yesterday, this-week.'],
    ['from=yesterday', 'from: Write a day or a time in UTC, such as 2026-11-20 or 2026-11-20T10:00.'],
    ['to=2026-02-30', 'to: Write a day or a time in UTC, such as 2026-11-20 or 2026-11-20T10:00.'],
    ['from=2026-11-20T25:00', 'from: Write a day or a time in UTC, such as 2026-11-20 or 2026-11-20T10:00.'],
    ['from=2026-11-20&to=2026-11-19', 'to: The end has to be after the start.'],
    ['longer=long', 'longer: Write a length of time, such as 90s, 5m or 1h30m.'],
    ['longer=-5', 'longer: Write a length of time, such as 90s, 5m or 1h30m.'],
    ['longer=1h30', 'longer: Write a length of time, such as 90s, 5m or 1h30m.'],
    ['sort=name', 'sort: Sort by started, duration, tokens or cost.'],
    ['columns=score', 'columns: There is no column “score”. To pin a field, write in.score or out.score.'],
    ['older=x', 'older: This link to a page of runs is not valid.'],
    ['older=2026-11-22 16:14:30.057000~id', 'older: This link to a page of runs is not valid.'],
    ['newer=0.25~7', 'newer: This link to a page of runs is not valid.'],
    ['sort=cost&newer=7', 'newer: This link to a page of runs is not valid.'],
    ['q="a', 'q: Close the quotes that open here.'],
  ])('is said at its field: %s', (address, error) => {
    expect(errorsOf(address)).toEqual([error])
    expect(() => checkedRunQuery(fieldsOf(new URLSearchParams(address)), context)).toThrow(InvalidInputError)
  })

  test('is said with what was typed, and with its place in a search', () => {
    const { query, errors } = read('q=one+"two&from=soon&status=failed')
    expect(errors).toMatchObject([
      { field: 'from', typed: 'soon' },
      { field: 'q', typed: 'one "two', at: 4 },
    ])
    expect(query).toMatchObject({ text: 'one "two', filter: { statuses: ['failed'], search: [] } })
  })

  test('is to pin more fields than are read', () => {
    const names = Array.from({ length: 9 }, (_, index) => `columns=out.f${index}`)
    const { query, errors } = read([...names, 'columns=out."f0"', 'columns=cost'].join('&'))
    expect(errors).toMatchObject([{ field: 'columns', message: 'Pin at most 8 fields.', typed: 'out.f8' }])
    expect(query.columns).toHaveLength(9)
  })

  test('of which there is none lets the query be used', () => {
    expect(checkedRunQuery({ agent: 'writer' }, context)).toEqual(read('agent=writer').query)
  })
})

describe('a changed filter', () => {
  test('starts at the first page', () => {
    const { query } = read('time=day&older=5&sort=-started&q=a')
    expect(`${runQueryParams(withFilter(query, { statuses: ['failed'] }))}`).toBe(
      'status=failed&time=day&q=a&sort=-started',
    )
  })

  test('has its own times and search', () => {
    const { query } = read('time=day&q=a+b')
    const narrowed = withFilter(query, { from: at('2026-11-20T10:00'), to: at('2026-11-20T11:00') })
    expect(runQueryParams(narrowed).get('to')).toBe('2026-11-20T11:00')
    expect(`${runQueryParams(withFilter(query, { search: query.filter.search.slice(1) }))}`).toBe('time=day&q=b')
    expect(`${runQueryParams(withFilter(query, { from: query.filter.from }))}`).toBe('from=2026-11-21T16%3A14&q=a+b')
  })
})

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((text) => text.isWellFormed())
const trimmed = word.filter((text) => text.trim() === text)
const moment = fc.oneof(fc.integer({ min: 0, max: Date.parse('9999-12-31') }), fc.constantFrom(0, 86_400_000))
const span = fc.oneof(
  fc.integer({ min: 0, max: 1e9 }),
  fc.integer({ min: 0, max: 1e12 }).map((ms) => ms / 1000),
)
const seq = fc.maxSafeNat()
const value = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => double || 0))
const column: fc.Arbitrary<RunColumn> = fc.oneof(
  fc.record({ kind: fc.constant('own' as const), name: fc.constantFrom(...ownColumns) }),
  fc.record({
    kind: fc.constant('pinned' as const),
    side: fc.constantFrom<'in' | 'out'>('in', 'out'),
    path: fc.array(word, { minLength: 1, maxLength: 3 }),
  }),
)
/** Of these, each is there or not. */
const dates = fc
  .record({ from: moment, to: moment }, { requiredKeys: [] })
  .filter(({ from, to }) => from === undefined || to === undefined || from < to)
const anyQuery: fc.Arbitrary<RunQuery> = fc
  .record({
    agents: fc.uniqueArray(word, { maxLength: 3 }),
    statuses: fc.uniqueArray(word, { maxLength: 3 }),
    more: fc.record({ workflow: trimmed, longerThanSeconds: span }, { requiredKeys: [] }),
    time: fc.option(fc.constantFrom(...runTimes)),
    dates,
    search: fc.array(anySearchTerm, { maxLength: 3 }).filter((terms) => writeSearch(terms).isWellFormed()),
    sort: fc.constantFrom(...runSorts),
    page: fc.constantFrom('older', 'newer', undefined),
    place: fc.record({ seq, value }),
    columns: fc.uniqueArray(column, { maxLength: 5, selector: (one) => JSON.stringify(one) }),
  })
  .map(({ agents, statuses, more, time, dates, search, sort, page, place, columns }) => {
    const position = sort.endsWith('started') ? String(place.seq) : `${place.value ?? ''}~${place.seq}`
    return {
      filter: { agents, statuses, ...more, ...(time ? rangeOfTime(time, now, utc) : dates), search },
      ...(time && { time }),
      text: writeSearch(search),
      sort,
      ...(page && { [page]: position }),
      columns,
    }
  })

test('a query is written so that it is read as the same', () => {
  fc.assert(
    fc.property(anyQuery, (query) => {
      const params = runQueryParams(query)
      expect(readRunQuery(fieldsOf(new URLSearchParams(`${params}`)), context)).toEqual({ query, errors: [] })
      expect([...params.values()]).not.toContain('')
    }),
    { numRuns: 500 },
  )
})

test('whatever an address says is read, and what was read is written so that it is read as the same', () => {
  const name = fc.constantFrom(
    'agent',
    'status',
    'workflow',
    'time',
    'from',
    'to',
    'longer',
    'q',
    'sort',
    'columns',
    'older',
  )
  const typed = fc.oneof(
    fc.constantFrom(
      'hour',
      '2026-11-20',
      '2026-11-20T10:00',
      '5m',
      '0.1',
      'in.a:b',
      'a',
      '-cost',
      'out.a',
      '12',
      '1e3~5',
    ),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constant({ nested: 'x' }),
    fc.constant(undefined),
  )
  fc.assert(
    fc.property(fc.dictionary(name, fc.oneof(typed, fc.array(typed, { maxLength: 3 }))), (fields) => {
      const { query, errors } = readRunQuery(fields, context)
      const again = readRunQuery(fieldsOf(runQueryParams(query)), context)
      expect(again.query).toEqual(query)
      // A search stays as it was typed.
      expect(again.errors).toEqual(errors.filter(({ field }) => field === 'q'))
    }),
    { numRuns: 1000 },
  )
})
