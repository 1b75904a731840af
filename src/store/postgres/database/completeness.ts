import { getTableConfig, is, PgTable, sql } from '../sql/drizzle.ts'
import * as tables from '../sql/schema/tables.ts'
import type { Session } from './session.ts'

/** A table or column of ours that is not there: somebody may have dropped it. */
export async function missingPart({ rows }: Session): Promise<string | undefined> {
  const found = await rows<{ name: string }>(sql`
    SELECT format('%s.%s', table_name, column_name) AS name FROM information_schema.columns
    WHERE table_schema = current_schema()`)
  const known = new Set(found.map(({ name }) => name))
  return ownColumns().find((column) => !known.has(column))
}

function ownColumns(): string[] {
  return Object.values(tables).flatMap((table) => {
    if (!is(table, PgTable)) return []
    const { name, columns } = getTableConfig(table)
    return columns.map((column) => `${name}.${column.name}`)
  })
}
