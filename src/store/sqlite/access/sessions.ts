import type { SessionStore } from '../../ports/access.ts'
import type { Store } from '../file/open.ts'
import { desc, eq, lt } from '../sql/drizzle.ts'
import { sessions, users } from '../sql/schema/access.ts'

export function createSessionStore(
  { db, write: writeSilently }: Pick<Store, 'db' | 'write'>,
  write: Store['write'],
): SessionStore {
  return {
    all: async (userId) =>
      db
        .select()
        .from(sessions)
        .where(userId === undefined ? undefined : eq(sessions.userId, userId))
        .orderBy(desc(sessions.createdAt), desc(sessions.id))
        .all(),

    find: async (hash) =>
      db
        .select({ session: sessions, user: users })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(eq(sessions.hash, hash))
        .get(),

    add: (session, passwordHash) =>
      write(() => {
        const user = db.select({ hash: users.passwordHash }).from(users).where(eq(users.id, session.userId)).get()
        if (user?.hash !== passwordHash) return false
        db.insert(sessions).values(session).run()
        return true
      }),

    seen: (id, at) =>
      writeSilently(() => void db.update(sessions).set({ lastSeenAt: at }).where(eq(sessions.id, id)).run(), {
        isSilent: true,
      }),

    end: (id) => write(() => db.delete(sessions).where(eq(sessions.id, id)).run().changes > 0),

    prune: (before) => write(() => void db.delete(sessions).where(lt(sessions.expiresAt, before)).run()),
  }
}
