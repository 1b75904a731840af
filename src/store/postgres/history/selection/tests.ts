import type { SQL } from 'drizzle-orm'
import { type Range, rangeOf } from '../../../history/ranges.ts'
import type { MeasuredRange, RunTest } from '../../../ports/run-selection.ts'
import { shownName } from '../../runs/record.ts'
import { sql } from '../../sql/drizzle.ts'
import { texts } from '../../sql/statements.ts'

/** Whether a row `r` of runs passes. An unknown value passes no test, and each negated one. */
export function checkOf(test: RunTest): SQL {
  const check = plainCheck(test)
  return test.isNot ? sql`NOT coalesce(${check}, false)` : check
}

function plainCheck(test: RunTest): SQL {
  switch (test.of) {
    case 'any':
      return sql`(${sql.join(test.tests.map(checkOf), sql` OR `)})`
    case 'started':
      return inRange(startedRange(test.range))
    case 'id':
      return idCheck(test)
    case 'agent':
    case 'status':
    case 'workflow':
    case 'by':
      return inList(sql`r.${sql.raw(test.of === 'by' ? 'started_by' : test.of)}`, test.values)
    default:
      return rangeCheck(sql`r.${sql.raw(test.of)}`, test.range)
  }
}

export const inList = (column: SQL, names: string[]): SQL => sql`${column} = ANY(${texts(names.map(shownName))})`

export const inRange = ({ low, high }: Range): SQL => sql`(r.seq > ${low}::bigint AND r.seq < ${high}::bigint)`

export function idCheck(test: Extract<RunTest, { of: 'id' }>): SQL {
  if ('id' in test) return sql`r.id = ${test.id}`
  const { start, end } = test
  const hasEnd = end === '' ? sql`` : sql` AND right(r.id, ${[...end].length}) = ${end}`
  return sql`(r.id >= ${start} AND r.id < ${start + beyondAny}${hasEnd})`
}

/** Sorts after whatever follows in an id. */
const beyondAny = '\u{10ffff}'

export function rangeCheck(column: SQL, { from, above, upTo, below }: MeasuredRange): SQL {
  const bounds = [
    ...(from === undefined ? [] : [sql`${column} >= ${from}::float8`]),
    ...(above === undefined ? [] : [sql`${column} > ${above}::float8`]),
    ...(upTo === undefined ? [] : [sql`${column} <= ${upTo}::float8`]),
    ...(below === undefined ? [] : [sql`${column} < ${below}::float8`]),
  ]
  return bounds.length === 0 ? sql`${column} IS NOT NULL` : sql`(${sql.join(bounds, sql` AND `)})`
}

function startedRange({ from, above, upTo, below }: MeasuredRange): Range {
  const low = from ?? (above === undefined ? 0 : above + 1)
  return rangeOf({ from: low, to: below ?? (upTo === undefined ? undefined : upTo + 1) })
}
