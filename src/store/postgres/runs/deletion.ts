import type { SQL } from 'drizzle-orm'
import type { Session } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { touch } from './touching.ts'
import { deltas } from './writing.ts'

const ofRuns = ['run_events', 'run_exchanges', 'run_keys', 'node_states'].map((table) => sql.raw(table))

const entries = (which: SQL) => ({
  gone: sql`DELETE FROM runs WHERE ${which} RETURNING seq, id, agent, status, duration, tokens, cost`,
  texts: sql`DELETE FROM run_texts USING gone WHERE run_id = gone.id`,
  summed: deltas(sql`SELECT -1 AS sign, * FROM gone`),
  words: sql`DELETE FROM run_search USING gone WHERE run_search.seq = gone.seq`,
  queue: sql`DELETE FROM run_search_queue USING gone WHERE run_search_queue.seq = gone.seq`,
})

/** Deletes runs with all that belongs to them. Resolves to the ids of those that there were. */
export async function deleteRuns(session: Session, which: SQL): Promise<string[]> {
  const others = ofRuns.map((table, index) => [
    `other${index}`,
    sql`DELETE FROM ${table} USING gone WHERE ${table}.run_id = gone.id`,
  ])
  const found = await touch(session, { ...entries(which), ...Object.fromEntries(others) }, 'gone')
  return found.map(({ id }) => id)
}

export async function deleteEntry(session: Session, id: string): Promise<void> {
  await touch(session, entries(sql`id = ${id}`), 'gone')
}
