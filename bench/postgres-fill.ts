import pg from 'pg'
import { systemClock } from '../src/shared/time/clock.ts'
import type { RunRecord } from '../src/store/ports/runs.ts'
import type { Session } from '../src/store/postgres/database/session.ts'
import { wordsOf } from '../src/store/postgres/history/search-index.ts'
import { createFolding } from '../src/store/postgres/runs/folding.ts'
import { rowOfRecord } from '../src/store/postgres/runs/record.ts'
import { deltas } from '../src/store/postgres/runs/writing.ts'
import { getTableColumns, type PgTable, sql } from '../src/store/postgres/sql/drizzle.ts'
import { runSearch } from '../src/store/postgres/sql/schema/history.ts'
import { runs, runTexts } from '../src/store/postgres/sql/schema/runs.ts'
import { openPostgresStore, type PostgresStore } from '../src/store/postgres/store.ts'
import { type HistorySize, type SampleRun, sampleRuns } from './sample-runs.ts'

const atOnce = 2000
const foldedAfter = 20_000
const known = new Map<string, string | null>()

/**
 * Writes sample runs in bulk: rows and words are made by what makes them in the program, sums by its deltas, which it
 * folds. Indexes are built at the end, and PostgreSQL looks at all tables once, as it does by itself in time.
 */
export async function fillPostgres(url: string, agentsUrl: string, size: HistorySize): Promise<void> {
  const store = await openPostgresStore(url, systemClock)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  // Else the program would take words and lines of all runs in anew, while it is measured.
  await store.history.begin()
  while (await store.history.addInputLines());
  await addAgents(store, agentsUrl, size.agents)
  const addIndexes = await withoutIndexes(client)
  await addRuns(store, size)
  await addIndexes()
  await client.query('VACUUM (ANALYZE)')
  await client.end()
  await store.close()
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

async function withoutIndexes(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; made: string }>(`
    SELECT indexname AS name, indexdef AS made FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename IN ('runs', 'run_texts', 'run_search') AND indexdef NOT LIKE 'CREATE UNIQUE%'`)
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`)
  return async () => {
    await client.query(`SET maintenance_work_mem = '1GB'`)
    for (const { made } of rows) await client.query(made)
  }
}

async function addRuns(store: PostgresStore, size: HistorySize): Promise<void> {
  const folding = createFolding(store)
  let written = 0
  for (const some of chunks(sampleRuns(size), atOnce)) {
    await store.write((session) => addSome(session, some))
    written += some.length
    if (written % foldedAfter === 0) await folding.fold()
  }
  await folding.fold()
}

async function addSome(session: Session, some: SampleRun[]): Promise<void> {
  await session.run(sql`SET LOCAL synchronous_commit = off`)
  const rows = some.map((run) => ({ seq: run.seq, ...rowOfRecord(recordOf(run)) }))
  await insert(
    session,
    runs,
    rows.map(({ seq, run }) => ({ seq, holdsSlot: false, ...run })),
  )
  await insert(
    session,
    runTexts,
    rows.map(({ texts }) => texts),
  )
  await insert(
    session,
    runSearch,
    some.map((run) => ({ seq: run.seq, words: knownWords(run) })),
  )
  await session.run(
    deltas(sql`SELECT 1 AS sign, * FROM runs WHERE seq BETWEEN ${some[0]!.seq} AND ${some.at(-1)!.seq}`),
  )
}

/** To take texts apart takes longer than all the rest, and most come again. */
function knownWords({ inputs, outputs, error }: SampleRun): string | null {
  const key = `${inputs}${outputs}${error}`
  const words = known.get(key) ?? wordsOf({ inputs, outputs, error })
  known.set(key, words)
  return words
}

/** All rows as one value: far fewer to send than one for each column of each. */
async function insert({ run }: Session, table: PgTable, rows: object[]): Promise<void> {
  const columns = getTableColumns(table)
  const named = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [columns[key]!.name, value])),
  )
  await run(
    sql`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, ${JSON.stringify(named)}::json)`,
  )
}

function recordOf({ seconds, tokens, cost, workflow, ...run }: SampleRun): RunRecord {
  return {
    ...run,
    ...{ workflow: workflow ?? run.agent, durationSeconds: seconds, totalTokens: tokens, totalCostUsd: cost },
    ...{
      errorFields: [],
      withheld: [],
      schemaId: null,
      agentUrl: null,
      jobId: null,
      attempt: 1,
      sentAt: run.startedAt,
    },
    ...{ polls: null, rerunOf: null, reportedAt: null, traceId: null, isSampled: true, isReported: false },
    ...{ startedBy: null, startedById: null, config: null, bottleneck: null },
  }
}

function* chunks<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let some: Item[] = []
  for (const item of items) {
    some.push(item)
    if (some.length < size) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}
