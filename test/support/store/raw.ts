import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import pg from 'pg'
import { isPostgres } from '../../../src/config/database.ts'

type Asked = { db: string }

async function inBase<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<Row>(text).finally(() => client.end())
  return rows
}

function inFile<Row extends object>(path: string, text: string): Row[] {
  const file = new Database(path)
  file.pragma('foreign_keys = OFF')
  try {
    const statement = file.prepare<[], Row>(text)
    if (statement.reader) return statement.all()
    statement.run()
    return []
  } finally {
    file.close()
  }
}

/** One statement, as it is for a file and for PostgreSQL: what the dashboard itself has no words for. No dashboard hears
 * of what it changes. */
export async function rawRows<Row extends object>({ db }: Asked, ofFile: string, ofBase = ofFile): Promise<Row[]> {
  return isPostgres(db) ? inBase<Row>(db, ofBase) : inFile<Row>(db, ofFile)
}

export async function rawCount(app: Asked, ofFile: string, ofBase = ofFile): Promise<number> {
  const count = (table: string) => `SELECT count(*) AS count FROM ${table}`
  return Number((await rawRows<{ count: number | string }>(app, count(ofFile), count(ofBase)))[0]!.count)
}

/** All rows of all tables as one text; of a file, also its bytes. */
export async function allStored({ db }: Asked): Promise<string> {
  if (isPostgres(db)) {
    const names = await inBase<{ name: string }>(
      db,
      'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
    )
    const kept = await Promise.all(names.map(({ name }) => inBase(db, `SELECT * FROM "${name}"`)))
    return JSON.stringify(kept)
  }
  const names = inFile<{ name: string }>(db, "SELECT name FROM sqlite_schema WHERE type = 'table'")
  const kept = names.map(({ name }) => inFile(db, `SELECT * FROM "${name}"`))
  inFile(db, 'PRAGMA wal_checkpoint(TRUNCATE)')
  return [JSON.stringify(kept), readFileSync(db, 'latin1'), readFileSync(db, 'utf8')].join('\n')
}
