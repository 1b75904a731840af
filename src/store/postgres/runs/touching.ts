import type { SQL } from 'drizzle-orm'
import type { Session } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { together } from '../sql/statements.ts'

type Touched = { seq: number; id: string }

/** Carries out what adds, changes or deletes runs; `which` of its parts tells of them. All that does goes this way. */
export async function touch(
  { rows, touched }: Session,
  parts: Record<string, SQL | undefined>,
  which: 'added' | 'after' | 'gone',
): Promise<Touched[]> {
  const found = await rows<Touched>(together(parts, sql`SELECT seq, id FROM ${sql.raw(which)}`))
  for (const { seq } of found) touched.push(seq)
  return found
}
