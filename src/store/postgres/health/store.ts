import type { DownIncident, HealthStore } from '../../ports/health.ts'
import type { Database } from '../database/open.ts'
import type { Session } from '../database/session.ts'
import { and, desc, eq, isNull } from '../sql/drizzle.ts'
import { healthIncidents as incidents } from '../sql/schema/health.ts'
import { addChecks, latestChecks, rollupsSince, worstOutcomes } from './checks.ts'
import { failedRuns } from './failed-runs.ts'
import { deleteSomeChecks, deleteSummaries, prune } from './pruning.ts'

type Needed = Pick<Database, 'read' | 'readMoment' | 'write'>

const { startedAt, endedAt, reason } = incidents

export function createHealthStore({ read, readMoment, write }: Needed): HealthStore {
  const silently = <T>(change: (session: Session) => Promise<T>): Promise<T> => write(change, { isSilent: true })
  const isOpen = (agentId: string) => and(eq(incidents.agentId, agentId), isNull(endedAt))
  const newest = ({ db }: Session, which: ReturnType<typeof isOpen>, max: number) =>
    db.select({ startedAt, endedAt, reason }).from(incidents).where(which).orderBy(desc(startedAt)).limit(max)

  return {
    record: (results) => silently((session) => addChecks(session, results)),
    past: (agentId, { maxChecks, slotMs, slotsFrom, hoursFrom }) =>
      readMoment(async (session) => ({
        checks: await latestChecks(session, agentId, maxChecks),
        slots: await worstOutcomes(session, agentId, slotMs, slotsFrom),
        hours: await rollupsSince(session, agentId, 'hour', hoursFrom),
        incident: (await newest(session, isOpen(agentId), 1)).map(incidentOf)[0],
      })),
    rollups: (agentId, resolution, from) => read((session) => rollupsSince(session, agentId, resolution, from)),

    async incidents(agentId, max) {
      const rows = await read((session) => newest(session, eq(incidents.agentId, agentId), max))
      return rows.map(incidentOf)
    },

    beginIncident: (agentId, at, reason) =>
      silently(async ({ db }) => {
        await db.insert(incidents).values({ agentId, startedAt: at, reason })
      }),

    endIncidents: (agentId, at) =>
      silently(async ({ db }) => {
        await db.update(incidents).set({ endedAt: at }).where(isOpen(agentId))
      }),

    failedRuns: (agentId, range, max) => read((session) => failedRuns(session, agentId, range, max)),

    prune: (agentId, now) => silently((session) => prune(session, agentId, now)),

    async forget(agentId, at) {
      while (await silently((session) => deleteSomeChecks(session, agentId, at)));
      await silently((session) => deleteSummaries(session, agentId, at))
    },
  }
}

type Row = { startedAt: number; endedAt: number | null; reason: string }

const incidentOf = ({ endedAt, ...incident }: Row): DownIncident => ({ ...incident, endedAt: endedAt ?? undefined })
