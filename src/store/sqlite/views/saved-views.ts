import type { SavedViewStore } from '../../ports/saved-views.ts'
import type { Store } from '../file/open.ts'
import { asc, eq, isNull, or, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { savedViews } from '../sql/schema/views.ts'

export function createSavedViewStore({ db, write }: Pick<Store, 'db' | 'write'>): SavedViewStore {
  const { id, owner, isShared, createdAt } = savedViews
  const byId = eq(id, sql.placeholder('id'))
  const all = db
    .select()
    .from(savedViews)
    .where(or(isNull(owner), eq(isShared, true), eq(owner, sql.placeholder('reader'))))
    .orderBy(asc(createdAt), asc(sql`rowid`))
    .prepare()
  const one = db.select().from(savedViews).where(byId).prepare()
  const add = db.insert(savedViews).values(placeholders(savedViews)).prepare()
  const remove = db.delete(savedViews).where(byId).prepare()
  // SQLite compares other than ASCII letters by their case.
  const isNamed = (name: string, reader: string | null, but?: string) =>
    all.all({ reader }).some((view) => view.id !== but && view.name.toLowerCase() === name.toLowerCase())

  return {
    all: async (reader) => all.all({ reader }),

    add: (view, max) =>
      write(() => {
        if (isNamed(view.name, view.owner)) return 'taken'
        const own = all.all({ reader: view.owner }).filter((known) => known.owner === view.owner)
        if (own.length >= max) return 'full'
        add.run(view)
        return 'added'
      }),

    change: (viewId, to) =>
      write(() => {
        const view = one.get({ id: viewId })
        if (!view) return 'gone'
        if (to.name !== undefined && isNamed(to.name, view.owner, viewId)) return 'taken'
        db.update(savedViews).set(to).where(eq(id, viewId)).run()
        return 'changed'
      }),

    remove: (viewId) => write(() => remove.run({ id: viewId }).changes > 0),
  }
}
