import type { Lease, SharedHealthStore, ToldBelief } from '../../ports/cluster.ts'
import type { RecordedCheck } from '../../ports/health.ts'
import type { Database } from '../database/open.ts'
import type { Session } from '../database/session.ts'
import { createHealthStore } from '../health/store.ts'
import { sql } from '../sql/drizzle.ts'
import { holdLease } from './leases.ts'
import { databaseNow } from './members.ts'
import { healthChannel, noteGood } from './notices.ts'

type Needed = Pick<Database, 'read' | 'readMoment' | 'write' | 'onNews'>

export function createSharedHealth({ read, readMoment, write, onNews }: Needed): SharedHealthStore {
  const whileHeld =
    (lease: () => Lease | undefined): Database['write'] =>
    <T>(work: Parameters<typeof write<T>>[0], how?: { isSilent?: boolean }) => {
      const held = lease()
      if (!held) return Promise.resolve(undefined as T)
      return write(async (session) => ((await holdLease(session, held)) ? work(session) : (undefined as T)), how)
    }

  return {
    record: (lease) => ({
      ...createHealthStore({ read, readMoment, write: whileHeld(lease) }),
      // Whoever removes an agent has what was recorded of it deleted.
      forget: createHealthStore({ read, readMoment, write }).forget,
    }),

    tell: (lease, beliefs) => whileHeld(() => lease)((session) => tell(session, beliefs), { isSilent: true }),
    told: (since) => read((session) => toldSince(session, since)),
    answer: (agentId) => read((session) => answerOf(session, agentId)),
    ask: (agentIds) => write((session) => ask(session, agentIds), { isSilent: true }),
    asked: () =>
      read(({ rows }) => rows(sql`SELECT agent_id AS "agentId", asked FROM agent_health WHERE asked > answered`)),
    noteGood: (found) => read((session) => noteGood(session, found)),
    onNews,
    newChecks: (after, max) => read((session) => checksAfter(session, after, max)),
  }
}

async function tell({ run }: Session, beliefs: ToldBelief[]): Promise<void> {
  const given = sql.param(JSON.stringify(beliefs))
  await run(sql`
    INSERT INTO agent_health (agent_id, belief, answer, answered, at)
    SELECT told."agentId", told.belief, told.answer, told.answered, ${databaseNow}
    FROM json_to_recordset(${given}::json) AS told("agentId" text, belief text, answer text, answered int)
    ON CONFLICT (agent_id) DO UPDATE SET belief = excluded.belief, at = excluded.at,
      answer = coalesce(excluded.answer, agent_health.answer),
      answered = greatest(excluded.answered, agent_health.answered)`)
  await run(sql`SELECT pg_notify(${healthChannel}, 'told')`)
}

async function toldSince({ rows }: Session, since: number): ReturnType<SharedHealthStore['told']> {
  const found = await rows<Omit<ToldBelief, 'answer'> & { at: number }>(sql`
    SELECT agent_id AS "agentId", belief, answered, at FROM agent_health
    WHERE at >= ${since}::bigint AND belief <> ''`)
  const until = found.reduce((latest, { at }) => Math.max(latest, at), since)
  return { beliefs: found.map(({ at: _, ...told }) => told), until }
}

async function answerOf({ first }: Session, agentId: string): Promise<string | undefined> {
  const found = await first<{ answer: string | null }>(sql`SELECT answer FROM agent_health WHERE agent_id = ${agentId}`)
  return found?.answer ?? undefined
}

async function ask({ rows, run }: Session, agentIds: string[]): ReturnType<SharedHealthStore['ask']> {
  const ids = sql.param(agentIds.toSorted())
  const asked = await rows<{ agentId: string; asked: number }>(sql`
    INSERT INTO agent_health (agent_id, belief, at, asked)
    SELECT agent_id, '', 0, 1 FROM unnest(${ids}::text[]) AS ids(agent_id)
    ON CONFLICT (agent_id) DO UPDATE SET asked = agent_health.asked + 1
    RETURNING agent_id AS "agentId", asked`)
  await run(sql`SELECT pg_notify(${healthChannel}, 'asked')`)
  return asked
}

const checksAfter = ({ rows }: Session, after: { agentId: string; at: number }[], max: number) =>
  rows<RecordedCheck>(sql`
    SELECT found.* FROM
      unnest(
        ${sql.param(after.map(({ agentId }) => agentId))}::text[],
        ${sql.param(after.map(({ at }) => Math.trunc(at)))}::bigint[]
      ) AS known(id, after),
      LATERAL (
        SELECT agent_id AS "agentId", at, outcome, latency_ms AS "latencyMs", reason FROM health_checks
        WHERE agent_id = known.id AND at > known.after ORDER BY at DESC LIMIT ${max}
      ) AS found
    ORDER BY at`)
