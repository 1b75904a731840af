import { sql } from '../sql/drizzle.ts'
import type { Session } from './session.ts'

const numbers = { users: 1, tokens: 2, views: 3, bulk: 4, schemas: 5, slots: 6, keys: 7, words: 8 }
/** Tells our locks from those of others. */
const space = 4711
const spaceOfKeys = 4712

/** Until the end of its transaction, no other one has the turn. */
export async function takeTurn({ run }: Session, what: keyof typeof numbers): Promise<void> {
  await run(sql`SELECT pg_advisory_xact_lock(${space}, ${numbers[what]})`)
}

/** Until the end of its transaction, no other one has the turn; those that share it do not wait for each other. */
export async function shareTurn({ run }: Session, what: keyof typeof numbers): Promise<void> {
  await run(sql`SELECT pg_advisory_xact_lock_shared(${space}, ${numbers[what]})`)
}

/** The same for any number of keys. They are locked in one order, so that no two transactions block each other. */
export async function takeTurnsOf({ run }: Session, keys: string[]): Promise<void> {
  await run(sql`
    SELECT pg_advisory_xact_lock(${spaceOfKeys}, hash)
    FROM (SELECT DISTINCT hashtext(key) AS hash FROM unnest(${sql.param(keys)}::text[]) AS key ORDER BY hash) AS hashes`)
}
