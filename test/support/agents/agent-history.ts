import type { HealthStore, RecordedCheck } from '../../../src/store/ports/health.ts'
import { createHealthStore } from '../../../src/store/sqlite/health/store.ts'
import { drizzle } from '../../../src/store/sqlite/sql/drizzle.ts'
import { openedPostgres } from '../store/database.ts'
import { connect } from '../store/store.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** What is known of the health of agents, to be written beside a dashboard: on its own connection, but for PostgreSQL. */
export function historyIn({ db }: { db: string }): HealthStore {
  return (
    openedPostgres(db)?.health ?? createHealthStore({ db: drizzle(connect(db)), write: async (change) => change() })
  )
}

type Found = Omit<RecordedCheck, 'agentId' | 'at'>

/** A check of an agent every `everyMs` from `from` until `to`, each with what `find` says of it. */
export function checksOf(
  agentId: string,
  { from, to, everyMs }: { from: number; to: number; everyMs: number },
  find: (index: number, at: number) => Partial<Found> = () => ({}),
): RecordedCheck[] {
  const usual: Found = { outcome: 'up', latencyMs: 40, reason: null }
  const count = Math.max(0, Math.ceil((to - from) / everyMs))
  return Array.from({ length: count }, (_, index) => {
    const at = from + index * everyMs
    return { agentId, at, ...usual, ...find(index, at) }
  })
}

export const failed = { outcome: 'down', latencyMs: null, reason: 'connection refused' } as const
