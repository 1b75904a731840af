import type { Lease } from '../../ports/cluster.ts'
import type { Session } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { databaseNow, owners } from './members.ts'

export async function lead(session: Session, name: string, id: string, ttlMs: number): Promise<number | undefined> {
  const lease = await session.first<{ epoch: number }>(sql`
    INSERT INTO leases (name, owner, epoch, until)
    SELECT ${name}, ${id}, 1, ${databaseNow} + ${ttlMs}::bigint WHERE ${id} IN (${owners})
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until,
      epoch = leases.epoch + (leases.owner <> excluded.owner)::int
    WHERE leases.owner = excluded.owner OR leases.until < ${databaseNow} OR leases.owner NOT IN (${owners})
    RETURNING epoch`)
  return lease?.epoch
}

/** Whether the lease is held; then nobody else takes it until the end of this transaction. */
export async function holdLease({ first }: Session, { name, owner, epoch }: Lease): Promise<boolean> {
  const held = await first(sql`
    SELECT 1 AS held FROM leases
    WHERE name = ${name} AND owner = ${owner} AND epoch = ${epoch} AND until > ${databaseNow} FOR SHARE`)
  return held !== undefined
}
