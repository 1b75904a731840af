import type { Lease, SharedHealthStore, ToldBelief } from '../../ports/cluster.ts'
import type { RecordedCheck } from '../../ports/health.ts'
import type { Database } from '../database/open.ts'
import { createHealthStore } from '../health/store.ts'
import { sql } from '../sql/drizzle.ts'
import { holdLease } from './leases.ts'
import { databaseNow } from './members.ts'

type ReadAndWrite = Pick<Database, 'read' | 'write'>

export function createSharedHealth({ read, write }: ReadAndWrite): SharedHealthStore {
  const whileHeld =
    (lease: () => Lease | undefined): Database['write'] =>
    <T>(work: Parameters<typeof write<T>>[0], how?: { isSilent?: boolean }) => {
      const held = lease()
      if (!held) return Promise.resolve(undefined as T)
      return write(async (session) => ((await holdLease(session, held)) ? work(session) : (undefined as T)), how)
    }

  return {
    record: (lease) => ({
      ...createHealthStore({ read, write: whileHeld(lease) }),
      // Whoever removes an agent has what was recorded of it deleted.
      forget: createHealthStore({ read, write }).forget,
    }),

    tell: (lease, beliefs) =>
      whileHeld(() => lease)(
        async ({ run }) => {
          const ids = sql.param(beliefs.map(({ agentId }) => agentId))
          const texts = sql.param(beliefs.map(({ belief }) => belief))
          await run(sql`
            INSERT INTO agent_health (agent_id, belief, at)
            SELECT agent_id, belief, ${databaseNow} FROM unnest(${ids}::text[], ${texts}::text[]) AS told(agent_id, belief)
            ON CONFLICT (agent_id) DO UPDATE SET belief = excluded.belief, at = excluded.at`)
        },
        { isSilent: true },
      ),

    told: (since) =>
      read(async ({ rows }) => {
        const found = await rows<ToldBelief & { at: number }>(
          sql`SELECT agent_id AS "agentId", belief, at FROM agent_health WHERE at >= ${since}::bigint`,
        )
        const until = found.reduce((latest, { at }) => Math.max(latest, at), since)
        return { beliefs: found.map(({ agentId, belief }) => ({ agentId, belief })), until }
      }),

    newChecks: (after, max) =>
      read(({ rows }) =>
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
          ORDER BY at`),
      ),
  }
}
