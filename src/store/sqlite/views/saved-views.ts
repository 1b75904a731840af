import type { SavedViewStore } from '../../ports/saved-views.ts'
import type { Store } from '../file/open.ts'
import { asc, eq, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { savedViews } from '../sql/schema/views.ts'

export function createSavedViewStore({ db, write }: Pick<Store, 'db' | 'write'>): SavedViewStore {
  const byId = eq(savedViews.id, sql.placeholder('id'))
  const all = db.select().from(savedViews).orderBy(asc(savedViews.createdAt), asc(sql`rowid`)).prepare()
  const add = db.insert(savedViews).values(placeholders(savedViews)).prepare()
  const rename = db
    .update(savedViews)
    .set({ name: sql`${sql.placeholder('name')}` })
    .where(byId)
    .prepare()
  const remove = db.delete(savedViews).where(byId).prepare()
  // SQLite compares other than ASCII letters by their case.
  const isNamed = (name: string, but?: string) =>
    all.all().some((view) => view.id !== but && view.name.toLowerCase() === name.toLowerCase())

  return {
    all: async () => all.all(),

    add: (view, max) =>
      write(() => {
        if (isNamed(view.name)) return 'taken'
        if (all.all().length >= max) return 'full'
        add.run(view)
        return 'added'
      }),

    rename: (id, name) =>
      write(() => {
        if (isNamed(name, id)) return 'taken'
        return rename.run({ id, name }).changes > 0 ? 'renamed' : 'gone'
      }),

    remove: (id) => write(() => remove.run({ id }).changes > 0),
  }
}
