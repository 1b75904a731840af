import type { Statement } from 'better-sqlite3'
import type { SQL } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import type { Store } from '../file/open.ts'
import { SQLiteSyncDialect } from './drizzle.ts'

const maxKept = 200

export type Statements = ReturnType<typeof createStatements>

const known = new WeakMap<Store['db'], Statements>()

/** Preparing costs more than running, so statements are kept. */
export function statementsOf(db: Store['db']): Statements {
  const statements = known.get(db) ?? createStatements(db)
  known.set(db, statements)
  return statements
}

function createStatements({ $client: sqlite }: Store['db']) {
  const dialect = new SQLiteSyncDialect()
  const kept = new LRUCache<string, Statement<unknown[]>>({ max: maxKept })

  function prepared(text: string): Statement<unknown[]> {
    const statement = kept.get(text) ?? sqlite.prepare<unknown[]>(text)
    kept.set(text, statement)
    return statement
  }

  return {
    all<Row>(query: SQL): Row[] {
      const { sql, params } = dialect.sqlToQuery(query)
      return prepared(sql)
        .raw(false)
        .all(...params) as Row[]
    },

    get<Row>(query: SQL): Row {
      const { sql, params } = dialect.sqlToQuery(query)
      return prepared(sql)
        .raw(false)
        .get(...params) as Row
    },

    values<Row extends unknown[]>(query: SQL): Row[] {
      const { sql, params } = dialect.sqlToQuery(query)
      return prepared(sql)
        .raw(true)
        .all(...params) as Row[]
    },
  }
}
