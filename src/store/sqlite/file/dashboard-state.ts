import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { eq, sql } from '../sql/drizzle.ts'
import { dashboardState } from '../sql/schema/file.ts'

export function createDashboardState({ db }: { db: BetterSQLite3Database }) {
  const byKey = db
    .select({ value: dashboardState.value })
    .from(dashboardState)
    .where(eq(dashboardState.key, sql.placeholder('key')))
    .prepare()
  const keep = db
    .insert(dashboardState)
    .values({ key: sql.placeholder('key'), value: sql.placeholder('value') })
    .onConflictDoUpdate({ target: dashboardState.key, set: { value: sql`excluded.value` } })
    .prepare()

  return {
    get: (key: string): string | undefined => byKey.get({ key })?.value,

    set(key: string, value: string): void {
      keep.run({ key, value })
    },
  }
}
