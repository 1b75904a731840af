import type { Clock } from '../../shared/time/clock.ts'

type Beating = { id: string; lastHeartbeatAt: number; ttlSeconds: number }

export type Heartbeats = {
  note(agent: Beating): void
  isAlive(agent: Beating): boolean
  forget(id: string): void
}

/** The age of a beat is measured by `elapsed`: to set the wall clock must not expire all agents. */
export function createHeartbeats({ now, elapsed }: Pick<Clock, 'now' | 'elapsed'>): Heartbeats {
  /** The last two of each agent: a refresh may still bring the older one. */
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
    note: (agent) => void heardAt(agent),

    isAlive: (agent) => elapsed() < heardAt(agent) + agent.ttlSeconds * 1000,

    forget(id) {
      seen.delete(id)
    },
  }
}
