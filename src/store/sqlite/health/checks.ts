import type { RecordedCheck, Resolution, Rollup } from '../../ports/health.ts'
import type { Store } from '../file/open.ts'
import { desc, eq, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { healthChecks as checks } from '../sql/schema/health.ts'
import { resolutions } from './resolutions.ts'
import { createRollups } from './rollups.ts'

export function createChecks(db: Store['db']) {
  const rollups = createRollups(db)
  const add = db.insert(checks).values(placeholders(checks)).onConflictDoNothing().prepare()
  const latest = db
    .select()
    .from(checks)
    .where(eq(checks.agentId, sql.placeholder('agentId')))
    .orderBy(desc(checks.at))
    .limit(sql.placeholder('max'))
    .prepare()

  return {
    add(check: RecordedCheck): void {
      const isNew = add.run({ ...check }).changes > 0
      if (isNew) for (const { seconds } of Object.values(resolutions)) rollups.add(check, seconds)
    },

    latest: (agentId: string, max: number): RecordedCheck[] => latest.all({ agentId, max }).reverse(),

    rollups: (agentId: string, resolution: Resolution, from: number): Rollup[] =>
      rollups.since(agentId, resolutions[resolution].seconds, from),
  }
}
