import type { SQL } from 'drizzle-orm'
import type { MeasuredRange, RunTest } from '../../ports/run-selection.ts'
import { sql } from '../sql/drizzle.ts'
import { listed, type Span, spanOf } from './ranges.ts'

/** Whether a row `r` passes. What is not known passes no test, and each that is turned round. */
export function checkOf(test: RunTest): SQL {
  const check = plainCheck(test)
  return test.isNot ? sql`NOT coalesce(${check}, 0)` : check
}

function plainCheck(test: RunTest): SQL {
  switch (test.of) {
    case 'any':
      return sql`(${sql.join(test.tests.map(checkOf), sql` OR `)})`
    case 'started': {
      const { low, high } = startedSpan(test.range)
      return sql`(r.seq > CAST(${low} AS INTEGER) AND r.seq < CAST(${high} AS INTEGER))`
    }
    case 'id':
      return idCheck(test, sql`r.run_id`)
    case 'agent':
    case 'status':
    case 'workflow':
      return sql`r.${sql.raw(test.of)} IN (${listed(test.values)})`
    default:
      // By a sum no index is found: which one leads there is said by a way.
      return rangeCheck(sql`+r.${sql.raw(test.of)}`, test.range)
  }
}

export function idCheck(test: Extract<RunTest, { of: 'id' }>, column: SQL): SQL {
  if ('id' in test) return sql`${column} = ${test.id}`
  const { start, end } = test
  const hasEnd = end === '' ? sql`` : sql` AND substr(${column}, ${-end.length}) = ${end}`
  return sql`(${column} >= ${start} AND ${column} < ${start + beyondAny}${hasEnd})`
}

/** Beyond whatever an id goes on with. */
const beyondAny = '\u{10ffff}'

export function rangeCheck(column: SQL, { from, above, upTo, below }: MeasuredRange): SQL {
  const bounds = [
    ...(from === undefined ? [] : [sql`${column} >= ${from}`]),
    ...(above === undefined ? [] : [sql`${column} > ${above}`]),
    ...(upTo === undefined ? [] : [sql`${column} <= ${upTo}`]),
    ...(below === undefined ? [] : [sql`${column} < ${below}`]),
  ]
  return bounds.length === 0 ? sql`${column} IS NOT NULL` : sql`(${sql.join(bounds, sql` AND `)})`
}

/** The places of the runs that started in a range; with none, of all whose start is known. */
function startedSpan({ from, above, upTo, below }: MeasuredRange): Span {
  const low = from ?? (above === undefined ? 0 : above + 1)
  return spanOf({ from: low, to: below ?? (upTo === undefined ? undefined : upTo + 1) })
}
