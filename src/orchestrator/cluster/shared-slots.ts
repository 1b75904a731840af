import type { Slot, Slots } from '../../shared/slots/slots.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { ClusterStore, RunNotice, SlotHolder, SlotLimits } from '../../store/ports/cluster.ts'
import { createBackgroundLoop } from '../background.ts'
import { createSlotHolders } from './slot-holders.ts'
import { createSlotQueue } from './slot-queue.ts'
import { createUntoldSlots } from './untold-slots.ts'

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
  const holders = createSlotHolders(limits)
  const queue = createSlotQueue(slotOf)
  const untold = createUntoldSlots((told) => cluster.slots(owner(), limits, told))
  /** Runs of this dashboard, by whether they hold their slot; kept until the database has heard that they do not. */
  const own = new Map<string, boolean>()
  const loop = createBackgroundLoop({
    clock,
    ready: writable,
    async step() {
      take(await untold.tell())
      return { restMs: queue.isEmpty() ? undefined : pollMs }
    },
    onError,
    pace: { busyMs: pollMs, retryMs: pollMs },
  })

  function take(found: SlotHolder[]): void {
    holders.set(found)
    const ids = new Set(found.map(({ runId }) => runId))
    for (const [name, isHeld] of own) if (!isHeld && !ids.has(name)) own.delete(name)
    for (const id of ids) queue.get(id)?.admit()
  }

  function tell(runId: string, isHeld: boolean): void {
    untold.add(runId, isHeld)
    loop.wake()
  }

  function slotOf(runId: string): Slot {
    own.set(runId, true)
    return heldSlot((isHeld, isChanged) => {
      own.set(runId, isHeld)
      if (isChanged) tell(runId, isHeld)
    })
  }

  return {
    takenBy: (key) => holders.ofAgent(key).length,
    isTakenElsewhere: (key) => holders.ofAgent(key).some(({ runId }) => !own.has(runId)),
    changes: holders.changes,
    blocking: holders.blocking,

    take(key, name, signal) {
      if (signal.aborted) return Promise.resolve(undefined)
      const slot = queue.wait(key, name, signal)
      loop.wake()
      return slot
    },

    seize(_key, name) {
      tell(name, true)
      return slotOf(name)
    },

    look: async () => take(await cluster.holders()),

    heed(notice) {
      if (!notice && !queue.isEmpty()) loop.wake()
      for (const runId of notice?.granted ?? []) {
        const run = queue.get(runId)
        if (!run) continue
        holders.add({ runId, agentId: run.agentId })
        run.admit()
      }
    },

    close: loop.stop,
  }
}

function heldSlot(onSet: (isHeld: boolean, isChanged: boolean) => void): Slot {
  let isHeld = true
  const set = (held: boolean) => {
    onSet(held, held !== isHeld)
    isHeld = held
  }
  return { hold: () => set(true), release: () => set(false) }
}
