import type { DownIncident, FailedRuns, HealthStore } from '../../../store/ports/health.ts'

export type Downtime = DownIncident
/** `since`: those that began before are left out; undefined where all are there. */
export type Downtimes = { latest: Downtime[]; since: number | undefined }

/** Some of the `allRuns` it affected. `reason` is a phrase. */
export type Incident = DownIncident & { runs: FailedRuns['runs']; allRuns: number }

export type Incidents = {
  list(agentId: string, checkMs: number, max: number): Promise<{ incidents: Incident[]; hasMore: boolean }>
  downtimes(agentId: string, from: number): Promise<Downtimes>
}

const maxRuns = 4
const maxDowntimes = 500
/** A restarted agent's job is asked for this long before it is lost (see runs/jobs/doubt.ts). */
const lostAfterMs = 60_000

/** Affected are runs that failed while the agent was down, or within `checkMs` before. */
export function createIncidents(deps: {
  store: Pick<HealthStore, 'incidents' | 'failedRuns'>
  now: () => number
  maxRunMs: number
}): Incidents {
  const { store, now, maxRunMs } = deps

  async function withRuns(agentId: string, incident: DownIncident, checkMs: number): Promise<Incident> {
    const from = incident.startedAt - checkMs
    const to = incident.endedAt ?? now()
    const range = { begunFrom: from - maxRunMs, from, to, lostUntil: to + lostAfterMs }
    const { runs, all } = await store.failedRuns(agentId, range, maxRuns)
    return { ...incident, runs, allRuns: all }
  }

  return {
    async list(agentId, checkMs, max) {
      const found = await store.incidents(agentId, max + 1)
      const shown = found.slice(0, max).map((one) => withRuns(agentId, one, checkMs))
      return { incidents: await Promise.all(shown), hasMore: found.length > max }
    },

    async downtimes(agentId, from) {
      const found = await store.incidents(agentId, maxDowntimes + 1)
      const latest = found.slice(0, maxDowntimes).filter(({ endedAt = now() }) => endedAt > from)
      const [earlier] = found.slice(maxDowntimes)
      const isCut = earlier !== undefined && (earlier.endedAt ?? now()) > from
      return { latest, since: isCut ? latest.at(-1)!.startedAt : undefined }
    },
  }
}
