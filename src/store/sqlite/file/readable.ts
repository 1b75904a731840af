import type { Database, Statement } from 'better-sqlite3'

/** Returns text where the file holds bytes: SQLite keeps these in a column of any type, and readers expect text. */
export function withReadableRows(sqlite: Database): Database {
  const prepare = sqlite.prepare.bind(sqlite) as (sql: string) => Statement
  sqlite.prepare = ((sql: string) => {
    const statement = prepare(sql)
    return statement.reader ? readable(statement) : statement
  }) as Database['prepare']
  return sqlite
}

function readable(statement: Statement): Statement {
  const [get, all, iterate] = [
    statement.get.bind(statement),
    statement.all.bind(statement),
    statement.iterate.bind(statement),
  ]
  statement.get = (...params) => readableRow(get(...params))
  statement.all = (...params) => {
    const rows = all(...params)
    for (let index = 0; index < rows.length; index++) rows[index] = readableRow(rows[index])
    return rows
  }
  statement.iterate = function* (...params) {
    for (const row of iterate(...params)) yield readableRow(row)
  }
  return statement
}

function readableRow(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row
  if (row instanceof Uint8Array) return Buffer.from(row).toString()
  const values = row as Record<string, unknown>
  for (const name in values) {
    const value = values[name]
    if (typeof value === 'object' && value instanceof Uint8Array) values[name] = Buffer.from(value).toString()
  }
  return row
}
