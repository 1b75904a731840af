import type { DownIncident } from '../../ports/health.ts'
import type { Store } from '../file/open.ts'
import { and, desc, eq, isNull, sql } from '../sql/drizzle.ts'
import { healthIncidents as incidents } from '../sql/schema/health.ts'

const { startedAt, endedAt, reason } = incidents

export function createIncidents(db: Store['db']) {
  const open = db
    .select({ startedAt, endedAt, reason })
    .from(incidents)
    .where(and(eq(incidents.agentId, sql.placeholder('agentId')), isNull(endedAt)))
    .orderBy(desc(startedAt))
    .limit(1)
    .prepare()

  return {
    open(agentId: string): DownIncident | undefined {
      const row = open.get({ agentId })
      return row && incidentOf(row)
    },

    latest: (agentId: string, max: number): DownIncident[] =>
      db
        .select({ startedAt, endedAt, reason })
        .from(incidents)
        .where(eq(incidents.agentId, agentId))
        .orderBy(desc(startedAt))
        .limit(max)
        .all()
        .map(incidentOf),

    begin(agentId: string, startedAt: number, reason: string): void {
      db.insert(incidents).values({ agentId, startedAt, reason }).run()
    },

    end(agentId: string, at: number): void {
      db.update(incidents)
        .set({ endedAt: at })
        .where(and(eq(incidents.agentId, agentId), isNull(endedAt)))
        .run()
    },
  }
}

type Row = { startedAt: number; endedAt: number | null; reason: string }

const incidentOf = ({ startedAt, endedAt, reason }: Row): DownIncident => ({
  startedAt,
  endedAt: endedAt ?? undefined,
  reason,
})
