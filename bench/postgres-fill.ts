import pg from 'pg'
import { systemClock } from '../src/shared/time/clock.ts'
import { sql } from '../src/store/postgres/sql/drizzle.ts'
import { openPostgresStore, type PostgresStore } from '../src/store/postgres/store.ts'
import { makeFirstPart } from './postgres-part.ts'
import {
  digitsOfNumber,
  type HistorySize,
  idBeforeNumber,
  partMs,
  parts,
  placesPerMs,
  runsInPart,
} from './sample-runs.ts'

const filled = ['runs', 'run_texts', 'run_search']
const hourMs = 3_600_000

/**
 * Writes sample runs in bulk, to the same effect as the program: the first part is made, the others are copied from it.
 * Indexes are built at the end, and PostgreSQL looks at all tables once, as it does by itself in time.
 */
export async function fillPostgres(url: string, agentsUrl: string, given: HistorySize): Promise<void> {
  const size = { end: Date.now() - 60_000, ...given }
  const store = await openPostgresStore(url, systemClock)
  // Else the program would take words and lines of all runs in anew, while it is measured.
  await store.history.begin()
  while (await store.history.addInputLines());
  await addAgents(store, agentsUrl, size.agents)
  await store.close()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`SET maintenance_work_mem = '1GB'; SET synchronous_commit = off`)
  await makeFirstPart(client, size)
  await client.query('BEGIN')
  // What is emptied in the same transaction needs no log, on a server that keeps none for others.
  await client.query(`TRUNCATE ${filled}`)
  const addIndexes = await withoutIndexes(client)
  for (let part = 0; part < parts; part++) await addPart(client, size, part)
  await addSums(client)
  await addIndexes()
  await client.query('COMMIT')
  await client.query('VACUUM (ANALYZE)')
  await client.end()
}

/** The agents of a database that was filled before have moved; by default there are to be as many as there were. */
export async function addAgentsTo(url: string, agentsUrl: string, agents?: number): Promise<void> {
  const store = await openPostgresStore(url, systemClock)
  await addAgents(store, agentsUrl, agents ?? (await store.agents.all()).length)
  await store.close()
}

async function addAgents(store: PostgresStore, agentsUrl: string, agents: number): Promise<void> {
  const { hostname, port } = new URL(agentsUrl)
  const now = Date.now()
  const ids = Array.from({ length: agents }, (_, index) => `agent-${index}`)
  await store.write(({ run }) =>
    run(sql`
      INSERT INTO agents (id, name, url, host, port, metadata, registered_by, registered_at, last_heartbeat_at, ttl_seconds)
      SELECT id, 'Agent ' || substr(id, 7), ${`${agentsUrl}/agent/`} || id, ${hostname}, ${Number(port)}::int, '{}', 'person', ${now}::bigint, ${now}::bigint, 60
      FROM unnest(${sql.param(ids)}::text[]) AS id
      ON CONFLICT (id) DO UPDATE SET url = excluded.url, host = excluded.host, port = excluded.port`),
  )
}

/** All of them, with what keeps rows apart by one. */
async function withoutIndexes(client: pg.Client): Promise<() => Promise<void>> {
  const tables = filled.map((table) => `'${table}'`)
  const { rows } = await client.query<{ drop: string; add: string }>(`
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
      format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS add
    FROM pg_constraint
    WHERE contype IN ('p', 'u') AND connamespace = current_schema()::regnamespace AND conrelid::regclass::text IN (${tables})
    UNION ALL SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename IN (${tables})
      AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))`)
  for (const { drop } of rows) await client.query(drop)
  return async () => {
    for (const { add } of rows) await client.query(add)
  }
}

async function addPart(client: pg.Client, size: HistorySize, part: number): Promise<void> {
  const ms = part * partMs
  const id = (column: string) =>
    `'${idBeforeNumber}' || lpad((right(${column}, ${digitsOfNumber})::bigint + ${part * runsInPart(size)})::text, ${digitsOfNumber}, '0')`
  const copied: Record<string, string> = {
    seq: `seq + ${ms}::bigint * ${placesPerMs}`,
    id: id('id'),
    run_id: id('run_id'),
    ...Object.fromEntries(['started_at', 'completed_at', 'sent_at'].map((name) => [name, `${name} + ${ms}`])),
  }
  for (const [table, from] of [
    ['runs', 'sample_runs'],
    ['run_texts', 'sample_texts'],
    ['run_search', 'sample_search JOIN sample_words USING (number)'],
  ]) {
    const { fields } = await client.query(`SELECT * FROM ${table} LIMIT 0`)
    const names = fields.map(({ name }) => name)
    const values = names.map((name) => copied[name] ?? name)
    const by = table === 'run_texts' ? 'run_id' : 'seq'
    await client.query(`INSERT INTO ${table} (${names}) SELECT ${values} FROM ${from} ORDER BY ${by}`)
  }
}

async function addSums(client: pg.Client): Promise<void> {
  const numbers = `count(*), coalesce(sum(duration), 0), count(duration), coalesce(sum(tokens), 0), coalesce(sum(cost), 0)`
  const sums = 'sum(runs), sum(duration), sum(timed), sum(tokens), sum(cost)'
  const columns = 'runs, duration, timed, tokens, cost'
  await client.query(`
    INSERT INTO run_hours (at, agent, status, ${columns})
      SELECT seq / ${placesPerMs * hourMs}, agent, status, ${numbers} FROM runs GROUP BY 1, 2, 3;
    INSERT INTO run_days (at, agent, status, ${columns}) SELECT at / 24, agent, status, ${sums} FROM run_hours GROUP BY 1, 2, 3;
    INSERT INTO run_totals (at, status, ${columns}) SELECT at, status, ${sums} FROM run_days GROUP BY 1, 2`)
}
