import type { Overrides } from '../../../src/app.ts'
import { openSqliteStore, type SqliteStore } from '../../../src/store/sqlite/store.ts'
import { isAboutFile } from './database.ts'

/** For `buildTestApp`: the store of the app, once it is built, to do to it what a disk does. */
export function watchedStore(): { overrides: Pick<Overrides, 'openStore'>; store: () => SqliteStore } {
  isAboutFile()
  let opened: SqliteStore | undefined
  return {
    overrides: {
      openStore: (...given) => {
        opened = openSqliteStore(...given)
        return opened
      },
    },
    store: () => opened!,
  }
}

/** The disk has no room left for the database but for some pages, until the function that is returned is called. */
export function fillDisk({ db }: Pick<SqliteStore, 'db'>, left = 0): () => void {
  const pages = (most: number | string) => db.$client.pragma(`max_page_count = ${most}`)
  // SQLite takes no limit below what there is, and uses what was emptied first.
  db.$client.exec('VACUUM')
  pages(left === 0 ? 1 : Number(db.$client.pragma('page_count', { simple: true })) + left)
  return () => pages(1_073_741_823)
}
