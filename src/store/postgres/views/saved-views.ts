import type { SavedViewStore } from '../../ports/saved-views.ts'
import type { Database } from '../database/open.ts'
import type { Session } from '../database/session.ts'
import { takeTurn } from '../database/turns.ts'
import { asc, eq, getTableColumns, isNull, or } from '../sql/drizzle.ts'
import { savedViews } from '../sql/schema/views.ts'

const { number, ...listed } = getTableColumns(savedViews)
const { id, owner, isShared, createdAt } = listed

export function createSavedViewStore({ read, write }: Pick<Database, 'read' | 'write'>): SavedViewStore {
  const all = ({ db }: Session, reader: string | null) =>
    db
      .select(listed)
      .from(savedViews)
      .where(or(isNull(owner), eq(isShared, true), reader === null ? undefined : eq(owner, reader)))
      .orderBy(asc(createdAt), asc(number))

  const isNamed = (views: { id: string; name: string }[], name: string, but?: string) =>
    views.some((view) => view.id !== but && view.name.toLowerCase() === name.toLowerCase())

  return {
    all: (reader) => read((session) => all(session, reader)),

    add: (view, max) =>
      write(async (session) => {
        await takeTurn(session, 'views')
        const views = await all(session, view.owner)
        if (isNamed(views, view.name)) return 'taken'
        if (views.filter((known) => known.owner === view.owner).length >= max) return 'full'
        await session.db.insert(savedViews).values(view)
        return 'added'
      }),

    change: (viewId, to) =>
      write(async (session) => {
        await takeTurn(session, 'views')
        const { db } = session
        const [view] = await db.select(listed).from(savedViews).where(eq(id, viewId))
        if (!view) return 'gone'
        const isTaken = to.name !== undefined && isNamed(await all(session, view.owner), to.name, viewId)
        if (isTaken) return 'taken'
        await db
          .update(savedViews)
          .set({ ...view, ...to })
          .where(eq(id, viewId))
        return 'changed'
      }),

    remove: (viewId) =>
      write(async ({ db }) => {
        const { rowCount } = await db.delete(savedViews).where(eq(id, viewId))
        return rowCount !== 0
      }),
  }
}
