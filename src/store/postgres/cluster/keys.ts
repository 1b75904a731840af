import type { KeyComparison } from '../../ports/cluster.ts'
import type { Session } from '../database/session.ts'
import { getState, setState } from '../database/state.ts'
import { takeTurn } from '../database/turns.ts'
import { sql } from '../sql/drizzle.ts'
import { databaseNow } from './members.ts'

const kept = 'secret-key-check'

export async function compareKey(session: Session, name: string, check: string): Promise<KeyComparison> {
  await takeTurn(session, 'keys')
  // One of the same name is what this one was before it was killed.
  const others = await session.rows<KeyComparison['others'][number]>(sql`
    SELECT name, seen_at AS "seenAt" FROM dashboards
    WHERE gone_at IS NULL AND until >= ${databaseNow} AND name <> ${name} ORDER BY id`)
  const sealed = await session.first<{ credentials: number }>(
    sql`SELECT count(*) AS credentials FROM agent_credentials`,
  )
  const known = (await getState(session, [kept]))[kept] ?? ''
  if (others.length === 0 && known !== check) await setState(session, kept, check)
  return { isSame: known === check, others, credentials: Number(sealed!.credentials) }
}
