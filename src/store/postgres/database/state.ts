import { inArray, sql } from '../sql/drizzle.ts'
import { dashboardState } from '../sql/schema/state.ts'
import type { Session } from './session.ts'

export async function getState({ db }: Session, keys: string[]): Promise<Record<string, string>> {
  const found = await db.select().from(dashboardState).where(inArray(dashboardState.key, keys))
  return Object.fromEntries(found.map(({ key, value }) => [key, value]))
}

export async function setState({ db }: Session, key: string, value: string): Promise<void> {
  await db
    .insert(dashboardState)
    .values({ key, value })
    .onConflictDoUpdate({ target: dashboardState.key, set: { value: sql`excluded.value` } })
}
