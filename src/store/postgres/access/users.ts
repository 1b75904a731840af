import type { UserStore } from '../../ports/access.ts'
import type { Database } from '../database/open.ts'
import type { Session } from '../database/session.ts'
import { takeTurn } from '../database/turns.ts'
import { and, asc, eq, ne, sql } from '../sql/drizzle.ts'
import { sessions, users } from '../sql/schema/access.ts'

export function createUserStore({ read }: Pick<Database, 'read'>, write: Database['write']): UserStore {
  const byId = (id: string) => eq(users.id, id)

  async function find({ db }: Session, id: string) {
    const [user] = await db.select().from(users).where(byId(id))
    return user
  }

  async function findByKey({ db }: Session, source: string, key: string) {
    const [user] = await db
      .select()
      .from(users)
      .where(and(eq(users.source, source as 'password'), eq(users.key, key)))
    return user
  }

  async function isLastAdmin(session: Session, id: string): Promise<boolean> {
    const user = await find(session, id)
    if (user?.source !== 'password' || user.role !== 'admin') return false
    const isOtherAdmin = and(eq(users.source, 'password'), eq(users.role, 'admin'), ne(users.id, id))
    return (await session.db.select({ id: users.id }).from(users).where(isOtherAdmin).limit(1)).length === 0
  }

  /** Whether somebody is the first, or the last, is decided by one at a time. */
  const inTurn = <T>(change: (session: Session) => Promise<T>): Promise<T> =>
    write(async (session) => {
      await takeTurn(session, 'users')
      return change(session)
    })

  return {
    all: () =>
      read(({ db }) =>
        db
          .select()
          .from(users)
          .orderBy(asc(sql`lower(${users.name} COLLATE "C")`), asc(users.id)),
      ),
    find: (id) => read((session) => find(session, id)),
    findByKey: (source, key) => read((session) => findByKey(session, source, key)),

    add: (user, isFirst = false) =>
      inTurn(async (session) => {
        const { db } = session
        if (isFirst && (await db.select({ id: users.id }).from(users).limit(1)).length > 0) return 'not-first'
        if (await findByKey(session, user.source, user.key)) return 'taken'
        await db.insert(users).values(user)
        return 'added'
      }),

    change: (id, to) =>
      inTurn(async (session) => {
        if (to.role !== undefined && to.role !== 'admin' && (await isLastAdmin(session, id))) return 'last-admin'
        const { rowCount } = await session.db.update(users).set(to).where(byId(id))
        return rowCount === 0 ? 'gone' : 'changed'
      }),

    setPassword: (id, passwordHash, but) =>
      inTurn(async (session) => {
        const { db } = session
        const user = await find(session, id)
        if (!user) return 'gone'
        if (but && user.passwordHash !== but.before) return 'changed-before'
        await db.update(users).set({ passwordHash }).where(byId(id))
        await db.delete(sessions).where(and(eq(sessions.userId, id), ne(sessions.id, but?.exceptSession ?? '')))
        return 'changed'
      }),

    remove: (id) =>
      inTurn(async (session) => {
        if (await isLastAdmin(session, id)) return 'last-admin'
        await session.db.delete(sessions).where(eq(sessions.userId, id))
        const { rowCount } = await session.db.delete(users).where(byId(id))
        return rowCount === 0 ? 'gone' : 'removed'
      }),
  }
}
