import type { Clock } from '../../shared/clock.ts'

type Beating = { id: string; lastHeartbeatAt: number; ttlSeconds: number }

/**
 * Whether agents have been heard of within their time. The database has only what the wall clock said; from when a beat
 * is first seen here on, its age is told by a clock that does not jump, or to set the other would expire all agents.
 */
export function createHeartbeats({ now, elapsed }: Pick<Clock, 'now' | 'elapsed'>) {
  /** The last two beats of each agent: some may not have heard of the last one yet. */
  const seen = new Map<string, { beatAt: number; heardAt: number }[]>()

  function heardAt({ id, lastHeartbeatAt: beatAt }: Beating): number {
    const beats = seen.get(id) ?? []
    const known = beats.find((beat) => beat.beatAt === beatAt)
    if (known) return known.heardAt
    const ageMs = Number.isFinite(beatAt) ? Math.max(0, now() - beatAt) : Number.POSITIVE_INFINITY
    const heardAt = elapsed() - ageMs
    seen.set(id, [...beats.slice(-1), { beatAt, heardAt }])
    return heardAt
  }

  return {
    /** Takes note of the last beat of an agent, as it stands in the database. */
    note: (agent: Beating): void => void heardAt(agent),

    isAlive: (agent: Beating): boolean => elapsed() < heardAt(agent) + agent.ttlSeconds * 1000,

    forget(id: string): void {
      seen.delete(id)
    },
  }
}
