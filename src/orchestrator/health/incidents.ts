import type { HealthTable, IncidentRow } from '../../store/sqlite/health/health.ts'
import type { FailedRunRow, FailedRunTable } from '../../store/sqlite/history/failed-runs.ts'

/** A time when an agent was down; `endedAt` is undefined while it lasts. `runs` are some of the `allRuns` it hit. */
export type Incident = {
  startedAt: number
  endedAt: number | undefined
  /** A phrase, of the check that made it down. */
  reason: string
  runs: Omit<FailedRunRow, 'all'>[]
  allRuns: number
}

const mostRuns = 4
/** The job of an agent that was restarted is asked for three times before it is lost (see job-follow.ts). */
const lostAfterMs = 60_000

/**
 * Tells of the times when an agent was down. A run was hit when it failed while the agent was down, or within `checkMs`
 * before: that it was down was noticed by a check.
 */
export function createIncidents(deps: {
  table: Pick<HealthTable, 'incidents'>
  failedRuns: FailedRunTable
  now: () => number
  longestRunMs: number
}) {
  const { table, failedRuns, now, longestRunMs } = deps

  function withRuns({ agentId, startedAt, endedAt, reason }: IncidentRow, checkMs: number): Incident {
    const from = startedAt - checkMs
    const to = endedAt ?? now()
    const span = { begun: from - longestRunMs, from, to, lostUntil: to + lostAfterMs }
    const rows = failedRuns.within(agentId, span, mostRuns)
    return {
      startedAt,
      endedAt: endedAt ?? undefined,
      reason,
      runs: rows.map(({ id, status, startedAt }) => ({ id, status, startedAt })),
      allRuns: rows[0]?.all ?? 0,
    }
  }

  return {
    /** The last ones, newest first, and whether there are more. */
    list(agentId: string, checkMs: number, most: number): { incidents: Incident[]; hasMore: boolean } {
      const rows = table.incidents(agentId, most + 1)
      return { incidents: rows.slice(0, most).map((row) => withRuns(row, checkMs)), hasMore: rows.length > most }
    },

    /** When the agent was down between `from` and now, newest first; of a great many, the newest. */
    downtimes: (agentId: string, from: number): Downtime[] =>
      table
        .incidents(agentId, mostDowntimes)
        .map(({ startedAt, endedAt, reason }) => ({ startedAt, endedAt: endedAt ?? undefined, reason }))
        .filter(({ endedAt }) => endedAt === undefined || endedAt > from),
  }
}

export type Downtime = Pick<Incident, 'startedAt' | 'endedAt' | 'reason'>

const mostDowntimes = 500
