import type { SQL } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { ClientBase, CustomTypesConfig, QueryConfig, QueryResult } from 'pg'
import pg from 'pg'
import type { KeptHits } from '../../history/kept-hits.ts'
import type { Outcomes } from '../../history/outcomes.ts'
import { drizzle, PgDialect } from '../sql/drizzle.ts'

/** Where statements go: to any connection, or to that of a transaction. */
export type Session = {
  db: NodePgDatabase
  rows<Row>(query: SQL): Promise<Row[]>
  first<Row>(query: SQL): Promise<Row | undefined>
  /** Resolves to how many rows were added, changed or deleted. */
  run(query: SQL): Promise<number>
  /** The places of runs that it changes, for whoever keeps what was read. */
  touched: number[]
}

/** As much of it as reads a history. */
export type Ask = Pick<Session, 'rows' | 'first'> & {
  /** Gives what was read under a key before, as long as nothing has changed since. */
  once?<T>(key: string, read: () => Promise<T>): Promise<T>
  outcomes?: Outcomes
  hits?: KeptHits
}

type Client = Pick<ClientBase, 'query'>

const dialect = new PgDialect()
const [bigint, numeric] = [20, 1700]

/** Numbers, which `pg` gives as texts because they may be too long: ours are not. */
const types: CustomTypesConfig = {
  getTypeParser: (type: number, format?: 'text' | 'binary') =>
    type === bigint || type === numeric ? Number : pg.types.getTypeParser(type, format as 'text'),
}

/** `isPrepared`: on a connection, PostgreSQL plans each statement some times, and not each time. */
export function createSession(client: Client, { isPrepared = false } = {}): Session {
  function query(given: string | QueryConfig, values?: unknown[]) {
    const config = typeof given === 'string' ? { text: given } : given
    const name = isPrepared ? preparedName(config.text, values) : undefined
    return client.query(name === undefined ? config : { ...config, name }, storable(values))
  }

  async function ask(question: SQL): Promise<QueryResult> {
    const { sql, params } = dialect.sqlToQuery(question)
    return query({ text: sql, types }, params)
  }

  return {
    db: drizzle({ query } as unknown as pg.Client),
    rows: async <Row>(question: SQL) => (await ask(question)).rows as Row[],
    first: async <Row>(question: SQL) => (await ask(question)).rows[0] as Row | undefined,
    run: async (question) => (await ask(question)).rowCount ?? 0,
    touched: [],
  }
}

/** Every connection keeps the plans of these. */
const maxPrepared = 200
const preparedNames = new Map<string, string>()

function preparedName(text: string, values: unknown[] | undefined): string | undefined {
  if (values === undefined) return undefined
  const known = preparedNames.get(text)
  if (known !== undefined || preparedNames.size === maxPrepared) return known
  const name = `configurable-agents-${preparedNames.size}`
  preparedNames.set(text, name)
  return name
}

/** PostgreSQL has no place for NUL in a text. */
export const storableText = (text: string): string =>
  text.includes('\u0000') ? text.replaceAll('\u0000', '\ufffd') : text

function storable(values: unknown[] | undefined): unknown[] | undefined {
  return values?.map((value) => {
    if (Array.isArray(value)) return storable(value)
    return typeof value === 'string' ? storableText(value) : value
  })
}
