import { type Clock, steadyTime } from '../../../shared/time/clock.ts'
import type { HealthStore, RecordedCheck } from '../../../store/ports/health.ts'
import { createBackgroundLoop } from '../../background.ts'
import type { EventStream } from '../../events.ts'
import { createCheckQueue } from './check-queue.ts'

const flushMs = 2000
const pace = { busyMs: flushMs, retryMs: flushMs }

export type HealthRecorder = Pick<HealthStore, 'past'> & {
  start(): void
  close(): Promise<void>
  /** Resolves when everything added so far is written, as far as it can be. */
  written(): Promise<void>
  add(check: RecordedCheck): void
  beginIncident(agentId: string, at: number, reason: string): void
  endIncidents(agentId: string, at: number): void
  forget(agentId: string, at: number): void
}

export function createHealthRecorder(deps: {
  store: HealthStore
  clock: Clock
  agentIds: () => string[]
  events: EventStream
}): HealthRecorder {
  const { store, clock, agentIds, events } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'health record' })
  const steady = steadyTime(clock)
  const queue = createCheckQueue(store, onError)
  let pruned = 0
  let writing: Promise<void> = Promise.resolve()
  /** Never twice at once: a change is not to be made twice. */
  function write(): Promise<void> {
    writing = writing.catch(() => {}).then(queue.write)
    return writing
  }
  const loop = createBackgroundLoop({
    clock,
    async step() {
      await write()
      await pruneNextAgent()
      return { restMs: flushMs }
    },
    onError,
    pace,
  })

  async function pruneNextAgent(): Promise<void> {
    const ids = agentIds()
    const id = ids[pruned++ % Math.max(1, ids.length)]
    if (id !== undefined) await store.prune(id, Math.min(clock.now(), steady()))
  }

  function change(write: () => Promise<unknown>): void {
    queue.addChange(write)
    loop.wake()
  }

  return {
    start: () => loop.start(),

    async close() {
      await loop.stop()
      await write().catch(onError)
    },

    written: () => write().catch(() => {}),

    add: queue.add,

    beginIncident: (agentId, at, reason) => change(() => store.beginIncident(agentId, at, reason)),

    endIncidents: (agentId, at) => change(() => store.endIncidents(agentId, at)),

    forget(agentId, at) {
      queue.drop(agentId)
      change(() => store.forget(agentId, at))
    },

    past: store.past,
  }
}
