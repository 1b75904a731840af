import type { SQL } from 'drizzle-orm'
import { sql } from '../sqlite/sql/drizzle.ts'

type Order = { columns: SQL[]; after: unknown[] | null; where?: string | undefined }

/** Rows behind the one with the key `after`; all of them where there is none. */
export function behind({ columns, after, where }: Order): SQL {
  const conditions = where === undefined ? [] : [sql.raw(where)]
  const list = (parts: SQL[]) => sql.join(parts, sql`, `)
  if (after) conditions.push(sql`(${list(columns)}) > (${list(after.map((value) => sql`${value}`))})`)
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` AND `)
}

export const renamed = (row: Record<string, unknown>, names: Record<string, string> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [names[name] ?? name, value]))

export const backwards = (names: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(names).map(([from, to]) => [to, from]))
