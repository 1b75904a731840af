import { type Clock, steadyTime } from '../../shared/clock.ts'
import type { CheckResult, DownIncident, HealthStore, Rollup } from '../../store/ports/health.ts'
import { createBackgroundLoop } from '../background.ts'
import type { EventStream } from '../events.ts'
import { canBeWrittenLater } from '../held-changes.ts'

/** Checks are written together: one by one, each would cost a write to disk. */
const flushMs = 2000
const pace = { busyMs: flushMs, retryMs: flushMs }
const mostAtOnce = 200
/** While the database cannot be written, checks wait; beyond this the oldest are let go. */
const mostWaiting = 20_000

/** What is on record of an agent: its last checks, oldest first, the hours since a moment, and how it was down. */
type HealthPast = { checks: CheckResult[]; hours: Rollup[]; incident: DownIncident | undefined }

export type HealthRecorder = {
  start(): void
  /** Resolves when everything is written that can be. */
  close(): Promise<void>
  add(check: CheckResult): void
  beginIncident(agentId: string, at: number, reason: string): void
  endIncidents(agentId: string, at: number): void
  /** Deletes all that was recorded of an agent until `at`. */
  forget(agentId: string, at: number): void
  past(agentId: string, maxChecks: number, hoursFrom: number): Promise<HealthPast>
}

/** Writes down what was checked, and lets go in small steps what has become too old. Its failures concern no agent. */
export function createHealthRecorder(deps: {
  store: HealthStore
  clock: Clock
  agentIds: () => string[]
  events: EventStream
}): HealthRecorder {
  const { store, clock, agentIds, events } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'health record' })
  const steady = steadyTime(clock)
  let waiting: CheckResult[] = []
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
    if (id !== undefined) await store.prune(id, Math.min(clock.now(), steady()))
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
        await store.record(batch)
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
    start: () => loop.start(),

    async close() {
      await loop.stop()
      await write().catch(onError)
    },

    add(check) {
      waiting.push(check)
    },

    beginIncident: (agentId, at, reason) => note(() => store.beginIncident(agentId, at, reason)),

    endIncidents: (agentId, at) => note(() => store.endIncidents(agentId, at)),

    forget(agentId, at) {
      waiting = waiting.filter((check) => check.agentId !== agentId)
      note(() => store.forget(agentId, at))
    },

    async past(agentId, maxChecks, hoursFrom) {
      const [checks, hours, incident] = await Promise.all([
        store.lastChecks(agentId, maxChecks),
        store.rollups(agentId, 'hour', hoursFrom),
        store.openIncident(agentId),
      ])
      return { checks, hours, incident }
    },
  }
}
