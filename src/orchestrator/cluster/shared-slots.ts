import type { Slot, Slots } from '../../shared/slots/slots.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { ClusterStore, RunNotice, SlotHolder, SlotLimits } from '../../store/ports/cluster.ts'
import { createBackgroundLoop } from '../background.ts'

/** While runs wait here: what another dashboard told of their slots may have been missed. */
const pollMs = 500

export type SharedSlots = Slots & {
  look(): Promise<void>
  /** Another dashboard has granted slots to runs of this one; undefined where nobody knows. */
  heed(notice: RunNotice | undefined): void
  /** Whether another dashboard's run has a slot under a key. */
  isTakenElsewhere(key: string): boolean
  close(): Promise<void>
}

/** Slots that all dashboards on a database share. Keys are agents, names are runs that this dashboard owns. */
export function createSharedSlots(deps: {
  cluster: Pick<ClusterStore, 'slots' | 'holders'>
  owner: () => string
  limits: SlotLimits
  clock: Clock
  writable: () => Promise<void>
  onError: (error: unknown) => void
}): SharedSlots {
  const { cluster, owner, limits, clock, writable, onError } = deps
  const waiting = new Map<string, { agentId: string; admit: () => void }>()
  /** What the database is to hear: whether a run holds its slot. */
  let untold = new Map<string, boolean>()
  let holders: SlotHolder[] = []
  /** Runs of this dashboard, by whether they hold their slot; kept until the database has heard that they do not. */
  const own = new Map<string, boolean>()
  let changes = 0
  const loop = createBackgroundLoop({
    clock,
    ready: writable,
    async step() {
      take(await told())
      return { restMs: waiting.size > 0 ? pollMs : undefined }
    },
    onError,
    pace: { busyMs: pollMs, retryMs: pollMs },
  })

  async function told(): Promise<SlotHolder[]> {
    const telling = untold
    untold = new Map()
    const those = (isHeld: boolean) => [...telling].flatMap(([runId, held]) => (held === isHeld ? [runId] : []))
    try {
      return await cluster.slots(owner(), limits, { held: those(true), released: those(false) })
    } catch (error) {
      untold = new Map([...telling, ...untold])
      throw error
    }
  }

  function take(found: SlotHolder[]): void {
    const ids = new Set(found.map(({ runId }) => runId))
    if (ids.size !== holders.length || holders.some(({ runId }) => !ids.has(runId))) changes++
    holders = found
    for (const [name, isHeld] of own) if (!isHeld && !ids.has(name)) own.delete(name)
    for (const id of ids) waiting.get(id)?.admit()
  }

  function tell(runId: string, isHeld: boolean): void {
    untold.set(runId, isHeld)
    loop.wake()
  }

  function slotOf(runId: string): Slot {
    let isHeld = true
    own.set(runId, isHeld)
    const set = (held: boolean) => {
      own.set(runId, held)
      if (held !== isHeld) tell(runId, held)
      isHeld = held
    }
    return { hold: () => set(true), release: () => set(false) }
  }

  return {
    takenBy: (key) => holders.filter(({ agentId }) => agentId === key).length,
    isTakenElsewhere: (key) => holders.some(({ agentId, runId }) => agentId === key && !own.has(runId)),
    changes: () => changes,

    take(key, name, signal) {
      if (signal.aborted) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        const end = (slot: Slot | undefined) => {
          waiting.delete(name)
          signal.removeEventListener('abort', giveUp)
          resolve(slot)
        }
        const giveUp = () => end(undefined)
        waiting.set(name, { agentId: key, admit: () => end(slotOf(name)) })
        signal.addEventListener('abort', giveUp)
        loop.wake()
      })
    },

    seize(_key, name) {
      tell(name, true)
      return slotOf(name)
    },

    blocking(key) {
      const those = holders.filter(({ agentId }) => agentId === key)
      const isOfKey = those.length >= limits.perAgent
      return {
        limit: isOfKey ? 'key' : 'all',
        slots: isOfKey ? limits.perAgent : limits.inAll,
        holders: (isOfKey ? those : holders).map(({ agentId, runId }) => ({ key: agentId, name: runId })),
      }
    },

    look: async () => take(await cluster.holders()),

    heed(notice) {
      if (!notice && waiting.size > 0) loop.wake()
      for (const runId of notice?.granted ?? []) {
        const run = waiting.get(runId)
        if (!run) continue
        holders = [...holders, { runId, agentId: run.agentId }]
        changes++
        run.admit()
      }
    },

    close: loop.stop,
  }
}
