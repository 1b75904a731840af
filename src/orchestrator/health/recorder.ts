import { type Clock, steadyTime } from '../../shared/clock.ts'
import type { CheckRow, HealthTable } from '../../store/sqlite/health/health.ts'
import { createBackgroundLoop } from '../background.ts'
import type { EventStream } from '../events.ts'
import { canBeWrittenLater } from '../held-changes.ts'

/** Checks are written together: one by one, each would cost a write to disk. */
const flushMs = 2000
const pace = { busyMs: flushMs, retryMs: flushMs }
const mostAtOnce = 200
/** While the database cannot be written, checks wait; beyond this the oldest are let go. */
const mostWaiting = 20_000

export type HealthHistory = ReturnType<typeof createHealthHistory>

/** Writes down what was checked, and lets go in small steps what has become too old. Its failures concern no agent. */
export function createHealthHistory(deps: {
  table: HealthTable
  clock: Clock
  agentIds: () => string[]
  events: EventStream
}) {
  const { table, clock, agentIds, events } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'health record' })
  const steady = steadyTime(clock)
  let waiting: CheckRow[] = []
  /** Changes of incidents in their order. While the database cannot be written, they wait too. */
  let changes: (() => Promise<unknown>)[] = []
  let pruned = 0
  const loop = createBackgroundLoop({
    clock,
    async step() {
      await write()
      await pruneNext()
      return { restMs: flushMs }
    },
    onError,
    pace,
  })

  /** One agent a time, in turn: so none of the steps is long. */
  async function pruneNext(): Promise<void> {
    const ids = agentIds()
    const id = ids[pruned++ % Math.max(1, ids.length)]
    if (id !== undefined) await table.prune(id, Math.min(clock.now(), steady()))
  }

  async function change(): Promise<void> {
    for (let next = changes[0]; next; next = changes[0]) {
      try {
        await next()
      } catch (error) {
        if (canBeWrittenLater(error)) throw error
        onError(error)
      }
      changes = changes.filter((one) => one !== next)
    }
  }

  async function write(): Promise<void> {
    await change()
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostAtOnce)
      try {
        await table.record(batch)
      } catch (error) {
        waiting = [...batch, ...waiting].slice(-mostWaiting)
        throw error
      }
    }
  }

  function note(next: () => Promise<unknown>): void {
    changes = [...changes, next].slice(-mostWaiting)
    loop.wake()
  }

  return {
    start: (): void => loop.start(),

    /** Resolves when everything is written that can be. */
    async close(): Promise<void> {
      await loop.stop()
      await write().catch(onError)
    },

    add(check: CheckRow): void {
      waiting.push(check)
    },

    beginIncident: (agentId: string, at: number, reason: string): void =>
      note(() => table.beginIncident(agentId, at, reason)),

    endIncidents: (agentId: string, at: number): void => note(() => table.endIncidents(agentId, at)),

    /** Lets go of all that was known of an agent until `at`. */
    forget(agentId: string, at: number): void {
      waiting = waiting.filter((check) => check.agentId !== agentId)
      note(() => table.forget(agentId, at))
    },

    lastChecks: table.lastChecks,
    openIncident: table.openIncident,
    rollups: table.rollups,
  }
}
