import type { Session } from '../database/session.ts'
import { takeTurn } from '../database/turns.ts'
import { sql } from '../sql/drizzle.ts'

const maxInStep = 500

/** Resolves to whether there may be more. */
export async function deleteOldKeys({ run }: Session, before: number): Promise<boolean> {
  const some = sql`SELECT key FROM run_keys WHERE created_at < ${Math.floor(before)} LIMIT ${maxInStep}`
  return (await run(sql`DELETE FROM run_keys WHERE key IN (${some})`)) === maxInStep
}

/** Of schemas that no run has, some. A run that is accepted meanwhile keeps its own: see schemaKeeper. */
export async function deleteUnusedSchemas(session: Session): Promise<boolean> {
  await takeTurn(session, 'schemas')
  const unused = sql`
    SELECT id FROM input_schemas WHERE NOT EXISTS (SELECT FROM run_texts WHERE schema_id = input_schemas.id) LIMIT ${maxInStep}`
  return (await session.run(sql`DELETE FROM input_schemas WHERE id IN (${unused})`)) === maxInStep
}
