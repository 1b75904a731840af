import { hourMs } from '../../../shared/time/durations.ts'
import type { KnownDashboard } from '../../ports/cluster.ts'
import type { Session } from '../database/session.ts'
import { isUnfinished } from '../runs/summaries.ts'
import { sql } from '../sql/drizzle.ts'

export const databaseNow = sql`(extract(epoch FROM clock_timestamp()) * 1000)::bigint`

export const now = async ({ first }: Session): Promise<number> =>
  (await first<{ now: number }>(sql`SELECT ${databaseNow} AS now`))!.now

/** Of `runs.owner`: dashboards whose runs are nobody else's. */
export const owners = sql`SELECT id::text FROM dashboards WHERE gone_at IS NULL`

export async function join(session: Session, name: string, version: string, ttlMs: number): Promise<string> {
  const joined = await session.first<{ id: string }>(sql`
    INSERT INTO dashboards (name, version, since, seen_at, until, held_since)
    SELECT ${name}, ${version}, now, now, now + ${ttlMs}::bigint, now FROM (SELECT ${databaseNow} AS now) AS clock
    RETURNING id::text`)
  return joined!.id
}

export async function renew({ run }: Session, id: string, ttlMs: number): Promise<boolean> {
  const renewed = await run(sql`
    UPDATE dashboards SET seen_at = now, until = now + ${ttlMs}::bigint,
      held_since = CASE WHEN until < now THEN now ELSE held_since END
    FROM (SELECT ${databaseNow} AS now) AS clock WHERE id = ${id}::bigint AND gone_at IS NULL`)
  return renewed > 0
}

export async function leave({ run }: Session, id: string): Promise<void> {
  await run(sql`DELETE FROM dashboards WHERE id = ${id}::bigint`)
}

/** Has everybody do without those whose lease has lapsed while this one's was held. Resolves to whether there were any. */
export async function giveUpLapsed({ run }: Session, id: string, ttlMs: number): Promise<boolean> {
  await run(sql`DELETE FROM dashboards WHERE gone_at < ${databaseNow} - ${hourMs}::bigint`)
  const lapsed = await run(sql`
    UPDATE dashboards SET gone_at = now FROM (SELECT ${databaseNow} AS now) AS clock
    WHERE gone_at IS NULL AND until < now AND EXISTS (
      SELECT FROM dashboards AS own
      WHERE own.id = ${id}::bigint AND own.gone_at IS NULL AND own.until >= now
        AND own.held_since <= now - ${ttlMs}::bigint
    )`)
  return lapsed > 0
}

export const all = ({ rows }: Session): Promise<KnownDashboard[]> =>
  rows(sql`
    SELECT id::text, name, version, since, seen_at AS "seenAt", gone_at AS "goneAt", ARRAY(
      SELECT leases.name::text FROM leases
      WHERE owner = dashboards.id::text AND gone_at IS NULL AND leases.until >= ${databaseNow} ORDER BY leases.name
    ) AS leads,
      (SELECT count(*) FROM runs WHERE owner = dashboards.id::text AND ${isUnfinished}) AS runs
    FROM dashboards ORDER BY id`)
