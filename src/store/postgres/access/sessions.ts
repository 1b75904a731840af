import type { SessionStore } from '../../ports/access.ts'
import type { Database } from '../database/open.ts'
import { desc, eq, lt } from '../sql/drizzle.ts'
import { sessions, users } from '../sql/schema/access.ts'

export function createSessionStore(
  { read, write: writeSilently }: Pick<Database, 'read' | 'write'>,
  write: Database['write'],
): SessionStore {
  return {
    all: (userId) =>
      read(({ db }) =>
        db
          .select()
          .from(sessions)
          .where(userId === undefined ? undefined : eq(sessions.userId, userId))
          .orderBy(desc(sessions.createdAt), desc(sessions.id)),
      ),

    find: (hash) =>
      read(async ({ db }) => {
        const [found] = await db
          .select({ session: sessions, user: users })
          .from(sessions)
          .innerJoin(users, eq(users.id, sessions.userId))
          .where(eq(sessions.hash, hash))
        return found
      }),

    add: (session, passwordHash) =>
      write(async ({ db }) => {
        // Who is removed or gets a new password at this moment has either a session that ends with it, or none.
        const [user] = await db
          .select({ hash: users.passwordHash })
          .from(users)
          .where(eq(users.id, session.userId))
          .for('share')
        if (user?.hash !== passwordHash) return false
        await db.insert(sessions).values(session)
        return true
      }),

    seen: (id, at) =>
      writeSilently(
        async ({ db }) => {
          await db.update(sessions).set({ lastSeenAt: at }).where(eq(sessions.id, id))
        },
        { isSilent: true },
      ),

    end: (id) =>
      write(async ({ db }) => {
        const { rowCount } = await db.delete(sessions).where(eq(sessions.id, id))
        return rowCount !== 0
      }),

    prune: (before) =>
      write(async ({ db }) => {
        await db.delete(sessions).where(lt(sessions.expiresAt, before))
      }),
  }
}
