import type { Database } from 'better-sqlite3'
import { getTableColumns, getTableName, is, SQLiteTable } from '../sql/drizzle.ts'
import * as schema from '../sql/schema/tables.ts'

const expected = Object.values<unknown>(schema)
  .filter((one): one is SQLiteTable => is(one, SQLiteTable))
  .map((table) => ({
    table: getTableName(table),
    columns: Object.values(getTableColumns(table)).map(({ name }) => name),
  }))

export function missingPart(sqlite: Database): string | undefined {
  const found = sqlite
    .prepare<[], { table: string; column: string }>(
      `SELECT tables.name AS "table", columns.name AS "column"
       FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'`,
    )
    .all()
  const known = new Set(found.flatMap(({ table, column }) => [table, `${table}.${column}`]))
  for (const { table, columns } of expected) {
    if (!known.has(table)) return `table ${table}`
    const column = columns.find((name) => !known.has(`${table}.${name}`))
    if (column !== undefined) return `column ${table}.${column}`
  }
  return undefined
}
