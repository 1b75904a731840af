import { firstDatedSeq } from '../../history/ranges.ts'
import type { StoreFacts, TableRows } from '../../ports/upkeep.ts'
import type { Session } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'

const maxCounted = 1000

type Estimate = { name: string; rows: number }

/** Nothing here takes longer for more rows. */
export async function factsOf(session: Session): Promise<StoreFacts> {
  const facts = await session.first<{
    data: number
    version: string
    runs: number
    oldest: number
    newest: number
  }>(sql`
    SELECT pg_database_size(current_database()) AS data, current_setting('server_version') AS version,
      (SELECT coalesce(sum(runs), 0) FROM run_totals_now) AS runs,
      (SELECT started_at FROM runs WHERE seq >= ${firstDatedSeq} ORDER BY seq LIMIT 1) AS oldest,
      (SELECT started_at FROM runs WHERE seq >= ${firstDatedSeq} ORDER BY seq DESC LIMIT 1) AS newest`)
  const { data, version, runs, oldest, newest } = facts!
  const tables = await session.rows<Estimate>(sql`
    SELECT relname AS name, reltuples AS rows FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') ORDER BY relname`)
  const counted: TableRows[] = []
  for (const table of tables) counted.push(await rowsOf(session, table))
  return {
    sizes: { data, log: undefined, reusable: 0, free: undefined },
    tables: counted,
    runs: { runs, oldest: oldest ?? undefined, newest: newest ?? undefined },
    states: undefined,
    engine: 'PostgreSQL',
    version,
  }
}

/** What PostgreSQL guesses is as old as its last look at the table. */
async function rowsOf({ first }: Session, { name, rows }: Estimate): Promise<TableRows> {
  const table = sql.identifier(name)
  const counted = await first<{ rows: number }>(
    sql`SELECT count(*) AS rows FROM (SELECT FROM ${table} LIMIT ${maxCounted + 1}) AS counted`,
  )
  if (counted!.rows <= maxCounted) return { name, rows: counted!.rows, certainty: 'exact' }
  return rows > maxCounted ? { name, rows, certainty: 'about' } : { name, rows: maxCounted, certainty: 'more' }
}
