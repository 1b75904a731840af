import type { SQL } from 'drizzle-orm'
import { type Range, rangeOf } from '../../../history/ranges.ts'
import type { MeasuredRange, NameKind, RunTest } from '../../../ports/run-selection.ts'
import { sql } from '../../sql/drizzle.ts'
import { listed } from '../../sql/listed.ts'

/** Whether a row `r` passes. An unknown value passes no test, and each negated one. */
export function checkOf(test: RunTest): SQL {
  const check = plainCheck(test)
  return test.isNot ? sql`NOT coalesce(${check}, 0)` : check
}

function plainCheck(test: RunTest): SQL {
  switch (test.of) {
    case 'any':
      return sql`(${sql.join(test.tests.map(checkOf), sql` OR `)})`
    case 'started': {
      const { low, high } = startedRange(test.range)
      return sql`(r.seq > CAST(${low} AS INTEGER) AND r.seq < CAST(${high} AS INTEGER))`
    }
    case 'id':
      return idCheck(test, sql`r.run_id`)
    case 'agent':
    case 'status':
    case 'workflow':
    case 'by':
      return sql`r.${sql.raw(columnOf(test.of))} IN (${listed(test.values)})`
    default:
      // A sum leads to no index: the access path names the one to use.
      return rangeCheck(sql`+r.${sql.raw(test.of)}`, test.range)
  }
}

export const columnOf = (kind: NameKind): string => (kind === 'by' ? 'started_by' : kind)

export function idCheck(test: Extract<RunTest, { of: 'id' }>, column: SQL): SQL {
  if ('id' in test) return sql`${column} = ${test.id}`
  const { start, end } = test
  const hasEnd = end === '' ? sql`` : sql` AND substr(${column}, ${-end.length}) = ${end}`
  return sql`(${column} >= ${start} AND ${column} < ${start + beyondAny}${hasEnd})`
}

/** Sorts after whatever follows in an id. */
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

function startedRange({ from, above, upTo, below }: MeasuredRange): Range {
  const low = from ?? (above === undefined ? 0 : above + 1)
  return rangeOf({ from: low, to: below ?? (upTo === undefined ? undefined : upTo + 1) })
}
