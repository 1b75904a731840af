import { causeOf } from '../faults/causes.ts'
import { isRepeatable, original } from '../faults/errors.ts'
import { sql } from '../sql/drizzle.ts'
import type { Session } from './session.ts'

export type Outcome<T> = { value: T } | { error: unknown }

/** A part of a transaction that may fail without it. What the database itself is at fault for ends the whole. */
export async function inSavepoint<T>({ run }: Session, work: () => Promise<T>): Promise<Outcome<T>> {
  await run(sql`SAVEPOINT part`)
  try {
    const value = await work()
    await run(sql`RELEASE SAVEPOINT part`)
    return { value }
  } catch (failure) {
    const error = original(failure)
    if (causeOf(error, '') || isRepeatable(error)) throw error
    await run(sql`ROLLBACK TO SAVEPOINT part`)
    return { error }
  }
}
