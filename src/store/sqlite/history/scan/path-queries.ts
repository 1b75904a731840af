import type { SQL } from 'drizzle-orm'
import type { Range } from '../../../history/ranges.ts'
import { sql } from '../../sql/drizzle.ts'
import type { AccessPath } from './access-paths.ts'
import { also, direction, union, within } from './clauses.ts'

type Reach = { range: Range; isDescending: boolean; max: number }

export function rowsOf(path: AccessPath, columns: SQL, { range, isDescending, max }: Reach, more: SQL[] = []): SQL {
  return sql`${selected(path, columns, range, more)} ORDER BY 1 ${direction(isDescending)} LIMIT ${max}`
}

export function selected(path: AccessPath, columns: SQL, range: Range, more: SQL[] = []): SQL {
  const parts = path.pieces.map(
    ({ from, seq, where, isUnsure }) => sql`
      SELECT ${seq} AS seq, ${isUnsure} AS isUnsure, ${columns} FROM ${from}
      WHERE ${where} AND ${within(seq, range)}${also([...path.checks, ...more])}`,
  )
  return union(parts)
}

export function reachOf(path: AccessPath, { range, isDescending, max }: Reach): SQL {
  const parts = path.pieces.map(
    ({ bare, seq, where }) => sql`SELECT ${seq} AS seq FROM ${bare} WHERE ${where} AND ${within(seq, range)}`,
  )
  return sql`${union(parts)} ORDER BY 1 ${direction(isDescending)} LIMIT 1 OFFSET ${max - 1}`
}

export const reachOfWords = (words: string, { range, isDescending, max }: Reach): SQL =>
  sql`SELECT f.rowid AS seq FROM run_search f WHERE f.run_search MATCH ${words} AND ${within(sql`f.rowid`, range)}
    ORDER BY 1 ${direction(isDescending)} LIMIT 1 OFFSET ${max - 1}`

export function countOf(path: AccessPath, range: Range, max: number): SQL {
  const parts = path.pieces.map(
    ({ bare, seq, where }) => sql`SELECT 1 FROM ${bare} WHERE ${where} AND ${within(seq, range)}`,
  )
  return sql`SELECT count(*) AS rows FROM (${union(parts)} LIMIT ${max + 1})`
}
