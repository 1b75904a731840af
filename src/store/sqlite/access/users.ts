import type { UserStore } from '../../ports/access.ts'
import type { Store } from '../file/open.ts'
import { and, asc, eq, ne, sql } from '../sql/drizzle.ts'
import { sessions, users } from '../sql/schema/access.ts'

export function createUserStore({ db }: Pick<Store, 'db'>, write: Store['write']): UserStore {
  const byId = (id: string) => eq(users.id, id)
  const find = (id: string) => db.select().from(users).where(byId(id)).get()
  const findByKey = (source: string, key: string) =>
    db
      .select()
      .from(users)
      .where(and(eq(users.source, source as 'password'), eq(users.key, key)))
      .get()
  const otherAdmin = (id: string) =>
    db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.source, 'password'), eq(users.role, 'admin'), ne(users.id, id)))
      .get()

  function isLastAdmin(id: string): boolean {
    const user = find(id)
    return user?.source === 'password' && user.role === 'admin' && otherAdmin(id) === undefined
  }

  return {
    all: async () =>
      db
        .select()
        .from(users)
        .orderBy(asc(sql`lower(${users.name})`), asc(users.id))
        .all(),
    find: async (id) => find(id),
    findByKey: async (source, key) => findByKey(source, key),

    add: (user, isFirst = false) =>
      write(() => {
        if (isFirst && db.select({ id: users.id }).from(users).limit(1).get()) return 'not-first'
        if (findByKey(user.source, user.key)) return 'taken'
        db.insert(users).values(user).run()
        return 'added'
      }),

    change: (id, to) =>
      write(() => {
        if (to.role !== undefined && to.role !== 'admin' && isLastAdmin(id)) return 'last-admin'
        return db.update(users).set(to).where(byId(id)).run().changes > 0 ? 'changed' : 'gone'
      }),

    setPassword: (id, passwordHash, but) =>
      write(() => {
        const user = find(id)
        if (!user) return 'gone'
        if (but && user.passwordHash !== but.before) return 'changed-before'
        db.update(users).set({ passwordHash }).where(byId(id)).run()
        db.delete(sessions)
          .where(and(eq(sessions.userId, id), ne(sessions.id, but?.exceptSession ?? '')))
          .run()
        return 'changed'
      }),

    remove: (id) =>
      write(() => {
        if (isLastAdmin(id)) return 'last-admin'
        db.delete(sessions).where(eq(sessions.userId, id)).run()
        return db.delete(users).where(byId(id)).run().changes > 0 ? 'removed' : 'gone'
      }),
  }
}
