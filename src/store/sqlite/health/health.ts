import type { Store } from '../file/open.ts'
import { and, asc, desc, eq, gte, isNull, lt, lte, sql } from '../sql/drizzle.ts'
import { healthChecks as checks, healthIncidents as incidents, healthRollups as rollups } from '../sql/schema.ts'

export type CheckRow = typeof checks.$inferSelect
export type RollupRow = typeof rollups.$inferSelect
export type IncidentRow = typeof incidents.$inferSelect

const daySeconds = 86_400
/** The lengths of what checks are summed up over, and for how long the sums are kept; all in seconds. */
export const spans = { minute: 60, hour: 3600, day: daySeconds } as const
const keptSeconds = { [spans.minute]: daySeconds, [spans.hour]: 30 * daySeconds, [spans.day]: 365 * daySeconds }
/** A step of a removal: small enough that nobody waits for it. */
const mostAtOnce = 500

export type HealthTable = ReturnType<typeof createHealthTable>

/**
 * The tables `health_checks`, `health_rollups` and `health_incidents`. All writing is silent: who shows health knows
 * of changes before the database does.
 */
export function createHealthTable({ db, write }: Pick<Store, 'db' | 'write'>) {
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
    .limit(sql.placeholder('most'))
    .prepare()
  const open = db
    .select()
    .from(incidents)
    .where(and(eq(incidents.agentId, sql.placeholder('agentId')), isNull(incidents.endedAt)))
    .orderBy(desc(incidents.startedAt))
    .limit(1)
    .prepare()
  const since = db
    .select()
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

  function add(row: CheckRow): void {
    if (addCheck.run(row).changes === 0) return
    const { agentId, at, outcome, latencyMs } = row
    const isAnswered = latencyMs !== null
    // A busy agent is neither: it does what it is there for, and has not shown that it answers.
    const counts = { up: Number(outcome === 'up' || outcome === 'degraded'), down: Number(outcome === 'down') }
    for (const span of Object.values(spans)) {
      addToRollup.run({
        agentId,
        span,
        at: at - (at % (span * 1000)),
        ...counts,
        answered: Number(isAnswered),
        latencySum: latencyMs ?? 0,
        latencyMs,
      })
    }
  }

  return {
    /** Keeps checks and counts each of them in its minute, its hour and its day. */
    record: (rows: CheckRow[]): Promise<void> => silently(() => rows.forEach(add)),

    /** The last checks of an agent, oldest first. */
    lastChecks: (agentId: string, most: number): CheckRow[] => latest.all({ agentId, most }).reverse(),

    /** The sums over `span` seconds of an agent that began at `from` or later, oldest first. */
    rollups: (agentId: string, span: number, from: number): RollupRow[] => since.all({ agentId, span, from }),

    openIncident: (agentId: string): IncidentRow | undefined => open.get({ agentId }),

    /** Newest first. */
    incidents: (agentId: string, most: number): IncidentRow[] =>
      db
        .select()
        .from(incidents)
        .where(eq(incidents.agentId, agentId))
        .orderBy(desc(incidents.startedAt))
        .limit(most)
        .all(),

    beginIncident: (agentId: string, startedAt: number, reason: string): Promise<unknown> =>
      silently(() => db.insert(incidents).values({ agentId, startedAt, reason }).run()),

    endIncidents: (agentId: string, endedAt: number): Promise<unknown> =>
      silently(() =>
        db
          .update(incidents)
          .set({ endedAt })
          .where(and(eq(incidents.agentId, agentId), isNull(incidents.endedAt)))
          .run(),
      ),

    /** Removes what of an agent is older than it is kept. */
    prune: (agentId: string, now: number): Promise<void> =>
      silently(() => {
        db.delete(checks)
          .where(and(eq(checks.agentId, agentId), lt(checks.at, now - daySeconds * 1000)))
          .run()
        for (const span of Object.values(spans)) {
          const before = now - keptSeconds[span] * 1000
          db.delete(rollups)
            .where(and(eq(rollups.agentId, agentId), eq(rollups.span, span), lt(rollups.at, before)))
            .run()
        }
        db.delete(incidents)
          .where(and(eq(incidents.agentId, agentId), lt(incidents.endedAt, now - keptSeconds[spans.day] * 1000)))
          .run()
      }),

    /** Removes all that was known of an agent until `at`, in small steps. */
    async forget(agentId: string, at: number): Promise<void> {
      const oldChecks = and(eq(checks.agentId, agentId), lte(checks.at, at))
      const step = () =>
        silently(() => {
          const place = db.select({ at: checks.at }).from(checks).where(oldChecks).orderBy(asc(checks.at))
          const end = place.limit(1).offset(mostAtOnce).get()?.at
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
