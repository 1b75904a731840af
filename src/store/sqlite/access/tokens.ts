import type { TokenStore } from '../../ports/access.ts'
import type { Store } from '../file/open.ts'
import { asc, eq, sql } from '../sql/drizzle.ts'
import { tokens } from '../sql/schema/access.ts'

export function createTokenStore(
  { db, write: writeSilently }: Pick<Store, 'db' | 'write'>,
  write: Store['write'],
): TokenStore {
  const all = () =>
    db
      .select()
      .from(tokens)
      .orderBy(asc(sql`lower(${tokens.name})`), asc(tokens.id))
      .all()

  return {
    all: async () => all(),
    find: async (hash) => db.select().from(tokens).where(eq(tokens.hash, hash)).get(),

    add: (token) =>
      write(() => {
        if (all().some(({ name }) => name.toLowerCase() === token.name.toLowerCase())) return 'taken'
        db.insert(tokens).values(token).run()
        return 'added'
      }),

    used: (id, at) =>
      writeSilently(() => void db.update(tokens).set({ lastUsedAt: at }).where(eq(tokens.id, id)).run(), {
        isSilent: true,
      }),

    remove: (id) => write(() => db.delete(tokens).where(eq(tokens.id, id)).run().changes > 0),
  }
}
