import type { CheckResult, DownIncident, HealthStore, Resolution } from '../../ports/health.ts'
import type { Store } from '../file/open.ts'
import { and, asc, desc, eq, getTableColumns, gte, isNull, lt, lte, sql } from '../sql/drizzle.ts'
import { healthChecks as checks, healthIncidents as incidents, healthRollups as rollups } from '../sql/schema.ts'
import { createFailedRuns } from './failed-runs.ts'

const daySeconds = 86_400
/** The length of a rollup, which is how its row says it, and for how long it is kept; both in seconds. */
export const resolutions: Record<Resolution, { seconds: number; keptSeconds: number }> = {
  minute: { seconds: 60, keptSeconds: daySeconds },
  hour: { seconds: 3600, keptSeconds: 30 * daySeconds },
  day: { seconds: daySeconds, keptSeconds: 365 * daySeconds },
}
/** A step of a removal: small enough that nobody waits for it. */
const maxAtOnce = 500

/** The tables `health_checks`, `health_rollups` and `health_incidents`. */
export function createHealthStore({ db, write }: Pick<Store, 'db' | 'write'>): HealthStore {
  const failedRuns = createFailedRuns(db)
  const silently = <T>(change: () => T): Promise<T> => write(change, { isSilent: true })

  const addCheck = db
    .insert(checks)
    .values({
      agentId: sql.placeholder('agentId'),
      at: sql.placeholder('at'),
      outcome: sql.placeholder('outcome'),
      latencyMs: sql.placeholder('latencyMs'),
      reason: sql.placeholder('reason'),
    })
    .onConflictDoNothing()
    .prepare()
  const addToRollup = db
    .insert(rollups)
    .values({
      agentId: sql.placeholder('agentId'),
      span: sql.placeholder('span'),
      at: sql.placeholder('at'),
      up: sql.placeholder('up'),
      down: sql.placeholder('down'),
      answered: sql.placeholder('answered'),
      latencySum: sql.placeholder('latencySum'),
      latencyMin: sql.placeholder('latencyMs'),
      latencyMax: sql.placeholder('latencyMs'),
    })
    .onConflictDoUpdate({
      target: [rollups.agentId, rollups.span, rollups.at],
      set: {
        up: sql`up + excluded.up`,
        down: sql`down + excluded.down`,
        answered: sql`answered + excluded.answered`,
        latencySum: sql`latency_sum + excluded.latency_sum`,
        latencyMin: sql`min(coalesce(latency_min, excluded.latency_min), coalesce(excluded.latency_min, latency_min))`,
        latencyMax: sql`max(coalesce(latency_max, excluded.latency_max), coalesce(excluded.latency_max, latency_max))`,
      },
    })
    .prepare()
  const latest = db
    .select()
    .from(checks)
    .where(eq(checks.agentId, sql.placeholder('agentId')))
    .orderBy(desc(checks.at))
    .limit(sql.placeholder('max'))
    .prepare()
  const incident = { startedAt: incidents.startedAt, endedAt: incidents.endedAt, reason: incidents.reason }
  const open = db
    .select(incident)
    .from(incidents)
    .where(and(eq(incidents.agentId, sql.placeholder('agentId')), isNull(incidents.endedAt)))
    .orderBy(desc(incidents.startedAt))
    .limit(1)
    .prepare()
  const { agentId: _, span: __, ...sums } = getTableColumns(rollups)
  const since = db
    .select(sums)
    .from(rollups)
    .where(
      and(
        eq(rollups.agentId, sql.placeholder('agentId')),
        eq(rollups.span, sql.placeholder('span')),
        gte(rollups.at, sql.placeholder('from')),
      ),
    )
    .orderBy(asc(rollups.at))
    .prepare()

  function add(row: CheckResult): void {
    if (addCheck.run({ ...row }).changes === 0) return
    const { agentId, at, outcome, latencyMs } = row
    const isAnswered = latencyMs !== null
    // A busy agent is neither: it does what it is there for, and has not shown that it answers.
    const counts = { up: Number(outcome === 'up' || outcome === 'degraded'), down: Number(outcome === 'down') }
    for (const { seconds } of Object.values(resolutions)) {
      addToRollup.run({
        agentId,
        span: seconds,
        at: at - (at % (seconds * 1000)),
        ...counts,
        answered: Number(isAnswered),
        latencySum: latencyMs ?? 0,
        latencyMs,
      })
    }
  }

  return {
    record: (results) => silently(() => results.forEach(add)),

    lastChecks: async (agentId, max) => latest.all({ agentId, max }).reverse(),

    rollups: async (agentId, resolution, from) => since.all({ agentId, span: resolutions[resolution].seconds, from }),

    openIncident: async (agentId) => {
      const row = open.get({ agentId })
      return row && incidentOf(row)
    },

    incidents: async (agentId, max) =>
      db
        .select(incident)
        .from(incidents)
        .where(eq(incidents.agentId, agentId))
        .orderBy(desc(incidents.startedAt))
        .limit(max)
        .all()
        .map(incidentOf),

    beginIncident: (agentId, startedAt, reason) =>
      silently(() => void db.insert(incidents).values({ agentId, startedAt, reason }).run()),

    endIncidents: (agentId, endedAt) =>
      silently(() => {
        db.update(incidents)
          .set({ endedAt })
          .where(and(eq(incidents.agentId, agentId), isNull(incidents.endedAt)))
          .run()
      }),

    failedRuns,

    prune: (agentId, now) =>
      silently(() => {
        db.delete(checks)
          .where(and(eq(checks.agentId, agentId), lt(checks.at, now - daySeconds * 1000)))
          .run()
        for (const { seconds, keptSeconds } of Object.values(resolutions)) {
          const before = now - keptSeconds * 1000
          db.delete(rollups)
            .where(and(eq(rollups.agentId, agentId), eq(rollups.span, seconds), lt(rollups.at, before)))
            .run()
        }
        const before = now - resolutions.day.keptSeconds * 1000
        db.delete(incidents)
          .where(and(eq(incidents.agentId, agentId), lt(incidents.endedAt, before)))
          .run()
      }),

    async forget(agentId, at) {
      const oldChecks = and(eq(checks.agentId, agentId), lte(checks.at, at))
      const step = () =>
        silently(() => {
          const oldest = db.select({ at: checks.at }).from(checks).where(oldChecks).orderBy(asc(checks.at))
          const end = oldest.limit(1).offset(maxAtOnce).get()?.at
          db.delete(checks)
            .where(and(oldChecks, end === undefined ? undefined : lt(checks.at, end)))
            .run()
          return end !== undefined
        })
      while (await step());
      await silently(() => {
        db.delete(rollups)
          .where(and(eq(rollups.agentId, agentId), lte(rollups.at, at)))
          .run()
        db.delete(incidents)
          .where(and(eq(incidents.agentId, agentId), lte(incidents.startedAt, at)))
          .run()
      })
    },
  }
}

type IncidentRow = { startedAt: number; endedAt: number | null; reason: string }

const incidentOf = ({ startedAt, endedAt, reason }: IncidentRow): DownIncident => ({
  startedAt,
  endedAt: endedAt ?? undefined,
  reason,
})
