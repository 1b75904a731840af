import { createHash } from 'node:crypto'
import type { SQL } from 'drizzle-orm'
import type { RunKey } from '../../ports/runs.ts'
import type { Session } from '../database/session.ts'
import { shareTurn, takeTurnsOf } from '../database/turns.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { inputSchemas, runKeys } from '../sql/schema/runs.ts'
import { columnsAndValues } from '../sql/statements.ts'

/** The run that was accepted under a key, unless that was too long ago. Others with the key wait from now on. */
export async function findKey(session: Session, { key, expiresBefore }: RunKey) {
  await takeTurnsOf(session, [`key ${key}`])
  const [found] = await session.db.select().from(runKeys).where(eq(runKeys.key, key))
  return found && found.createdAt >= expiresBefore ? found : undefined
}

/** The run of a key that is known may have been deleted since. Belongs beside `added`. */
export function keepKey({ key, inputsHash, at }: RunKey, runId: string): SQL {
  const { columns, values } = columnsAndValues(runKeys, { key, runId, inputsHash, createdAt: at })
  return sql`
    INSERT INTO run_keys (${columns}) SELECT ${values} FROM added
    ON CONFLICT (key) DO UPDATE SET run_id = excluded.run_id, inputs_hash = excluded.inputs_hash, created_at = excluded.created_at`
}

/** Until the transaction ends, no schema is deleted as one that no run has. */
export async function schemaKeeper(session: Session, text: string): Promise<{ id: string; keep: SQL }> {
  await shareTurn(session, 'schemas')
  const id = createHash('sha256').update(text).digest('hex')
  const { columns, values } = columnsAndValues(inputSchemas, { id, text })
  return { id, keep: sql`INSERT INTO input_schemas (${columns}) SELECT ${values} ON CONFLICT DO NOTHING` }
}
