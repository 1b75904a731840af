import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { getTableColumns, sql } from './drizzle.ts'

export function placeholders<Table extends SQLiteTable>(table: Table, but: string[] = []): Table['$inferInsert'] {
  const names = Object.keys(getTableColumns(table)).filter((name) => !but.includes(name))
  return placeholdersFor(names) as Table['$inferInsert']
}

export function placeholdersFor(names: string[]): object {
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]))
}
