import type { TokenStore } from '../../ports/access.ts'
import type { Database } from '../database/open.ts'
import type { Session } from '../database/session.ts'
import { takeTurn } from '../database/turns.ts'
import { asc, eq, sql } from '../sql/drizzle.ts'
import { tokens } from '../sql/schema/access.ts'

export function createTokenStore(
  { read, write: writeSilently }: Pick<Database, 'read' | 'write'>,
  write: Database['write'],
): TokenStore {
  const all = ({ db }: Session) =>
    db
      .select()
      .from(tokens)
      .orderBy(asc(sql`lower(${tokens.name} COLLATE "C")`), asc(tokens.id))

  return {
    all: () => read(all),

    find: (hash) =>
      read(async ({ db }) => {
        const [token] = await db.select().from(tokens).where(eq(tokens.hash, hash))
        return token
      }),

    add: (token) =>
      write(async (session) => {
        await takeTurn(session, 'tokens')
        const known = await all(session)
        if (known.some(({ name }) => name.toLowerCase() === token.name.toLowerCase())) return 'taken'
        await session.db.insert(tokens).values(token)
        return 'added'
      }),

    used: (id, at) =>
      writeSilently(
        async ({ db }) => {
          await db.update(tokens).set({ lastUsedAt: at }).where(eq(tokens.id, id))
        },
        { isSilent: true },
      ),

    remove: (id) =>
      write(async ({ db }) => {
        const { rowCount } = await db.delete(tokens).where(eq(tokens.id, id))
        return rowCount !== 0
      }),
  }
}
