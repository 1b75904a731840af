import type pg from 'pg'
import { wordsOf } from '../../../src/store/postgres/history/search-index.ts'
import { createHistoryStore } from '../../../src/store/postgres/history/store.ts'
import { deleteRuns } from '../../../src/store/postgres/runs/deletion.ts'
import { createPlaces } from '../../../src/store/postgres/runs/places.ts'
import { addRun, changeRun } from '../../../src/store/postgres/runs/writing.ts'
import { sql } from '../../../src/store/postgres/sql/drizzle.ts'
import type { PostgresStore } from '../../../src/store/postgres/store.ts'
import type { HistoryWorld } from '../../contract/history/world.ts'
import { type TestDatabase, testDatabase } from '../postgres/database.ts'
import { type Indexed, naiveList, type PlainRun } from '../runs/plain-runs.ts'
import { openTestPostgres } from '../store/postgres.ts'
import { registered } from './any-history.ts'

/** So small that every way to read and every reason to stop is taken. */
const manyLimits = [1, 20, 60, 100_000].flatMap((budget, index) =>
  [1, 3, 25].map((window, other) => ({
    ...{ budget, window, first: [1, 3, 1000][(index + other) % 3]! },
    sorted: [0, 2, 5, 1000][(index + 2 * other) % 4]!,
    rare: [0, 1_000_000][(index + other) % 2]!,
  })),
)

/** A history in PostgreSQL. */
export async function createPostgresHistory(database?: TestDatabase): Promise<HistoryWorld> {
  const { url, client } = database ?? (await testDatabase())
  const { store } = await openTestPostgres({ url })
  for (const id of registered) {
    await client.query(
      `INSERT INTO agents (id, name, url, host, port, registered_by, registered_at, last_heartbeat_at)
       VALUES ($1, 'x', 'http://localhost:1', 'localhost', 1, 'hand', 1, 1)`,
      [id],
    )
  }
  let runs: PlainRun[] = []
  let added = 0
  return {
    store,
    histories: [store.history, ...manyLimits.map((limits) => createHistoryStore(store, limits))],
    async clear() {
      runs = []
      added = 0
      await store.write((session) => deleteRuns(session, sql`true`))
    },
    async add(one, indexed) {
      const run = { ...one, id: `run-${added++}` }
      runs.push(run)
      await writeRun(store, client, run, indexed)
      return run.id
    },
    async remove(id) {
      runs = runs.filter((run) => run.id !== id)
      await store.write((session) => deleteRuns(session, sql`id = ${id}`))
    },
    naive: (filter, sort) => naiveList(runs, registered, filter, sort),
  }
}

const places = createPlaces()

/** Writes a run as one comes that was recorded elsewhere. */
async function writeRun(store: PostgresStore, client: pg.Client, run: PlainRun, indexed: Indexed): Promise<void> {
  const { id, agent, agentId, status, duration, tokens, cost, inputs, outputs, error } = run
  const startedAt = typeof run.startedAt === 'number' ? run.startedAt : null
  const before =
    indexed === 'outdated' ? { inputs: 'safety', outputs: 'jazz', error: 'rome' } : { inputs, outputs, error }
  const row = {
    run: {
      ...{ id, agent, agentId, workflow: run.workflow ?? agent, status, startedBy: run.by, startedAt },
      ...{ duration, tokens, cost, error: error?.slice(0, 200), attempt: 0 },
    },
    texts: { runId: id, isSampled: true, ...before },
  }
  await store.write((session) => addRun(session, row, () => places.at(startedAt ?? Number.NaN)))
  if (indexed === 'waiting') return
  await client.query(
    `WITH gone AS (DELETE FROM run_search_queue USING runs WHERE runs.seq = run_search_queue.seq AND id = $1)
     INSERT INTO run_search SELECT seq, $2::tsvector FROM runs WHERE id = $1`,
    [id, wordsOf(before)],
  )
  if (indexed === 'outdated')
    await store.write((session) => changeRun(session, id, { run: {}, texts: { inputs, outputs, error } }))
}
