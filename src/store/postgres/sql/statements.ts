import type { SQL } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { getTableColumns, sql } from './drizzle.ts'

type Row = Record<string, unknown>

/** The columns of a table that a row has, and its value for each: `a, b` and `$1, $2`. */
export function columnsAndValues(table: PgTable, row: Row): { columns: SQL; values: SQL } {
  const given = assigned(table, row)
  return { columns: list(given.map(({ name }) => name)), values: list(given.map(({ value }) => value)) }
}

export function assignments(table: PgTable, change: Row): SQL {
  return list(assigned(table, change).map(({ name, value }) => sql`${name} = ${value}`))
}

function assigned(table: PgTable, row: Row): { name: SQL; value: SQL }[] {
  const columns = getTableColumns(table)
  return Object.entries(row).flatMap(([key, value]) => {
    const column = columns[key]
    if (!column || value === undefined) return []
    return [{ name: sql.raw(`"${column.name}"`), value: sql`${value === null ? null : sql.param(value, column)}` }]
  })
}

export const list = (parts: SQL[]): SQL => sql.join(parts, sql`, `)

/** Rows that have the same columns, and whole numbers beside them, as the table `given` of one statement. */
export function givenRows(
  table: PgTable,
  rows: Row[],
  more: Record<string, number[]> = {},
): { columns: SQL[]; from: SQL } {
  const arrayOf = (values: unknown[], type: string) => sql`${sql.param(values)}::${sql.raw(type)}[]`
  const columns = Object.keys(rows[0]!).map((key) => ({ key, column: getTableColumns(table)[key]! }))
  const arrays = columns.map(({ key, column }) => {
    const values = rows.map(({ [key]: value = null }) => (value === null ? null : column.mapToDriverValue(value)))
    return arrayOf(values, column.getSQLType().replace(/ COLLATE.*/, ''))
  })
  const names = columns.map(({ column }) => sql.raw(`"${column.name}"`))
  const beside = Object.entries(more).map(([name, values]) => ({
    name: sql.raw(name),
    array: arrayOf(values, 'bigint'),
  }))
  const given = list([...arrays, ...beside.map(({ array }) => array)])
  return {
    columns: names,
    from: sql`unnest(${given}) AS given(${list([...names, ...beside.map(({ name }) => name)])})`,
  }
}

/** Parts of one statement, which see what was there before all of them. */
export function together(parts: Record<string, SQL | undefined>, result: SQL): SQL {
  const given = Object.entries(parts).flatMap(([name, part]) => (part ? [sql`${sql.raw(name)} AS (${part})`] : []))
  return sql`WITH ${list(given)} ${result}`
}

/** Texts as one value, for `= ANY(…)`. */
export const texts = (values: string[]): SQL => sql`${sql.param(values)}::text[]`
