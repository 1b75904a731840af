import { createQueues } from './queues.ts'

export type Slot = {
  /** Takes the slot again at once, whatever the limits: work in progress cannot wait. */
  hold(): void
  release(): void
}

export type Slots = {
  takenBy(key: string): number
  /** Moves when a slot is taken or released. */
  changes(): number
  /** Resolves to undefined when `signal` aborts before there is a slot. */
  take(key: string, name: string, signal: AbortSignal): Promise<Slot | undefined>
  /** A slot for work in progress, whatever the limits. */
  seize(key: string, name: string): Slot
  blocking(key: string): { limit: 'key' | 'all'; slots: number; holders: { key: string; name: string }[] }
}

type Holder = { name: string }

/** Limits concurrent calls per key and in all; the rest is queued in order of arrival. Holders are named. */
export function createSlots(perKey: number, inAll: number): Slots {
  const held = new Map<string, Set<Holder>>()
  const queues = createQueues()
  let all = 0
  let changes = 0

  const takenBy = (key: string): number => held.get(key)?.size ?? 0
  const isFree = (key: string): boolean => all < inAll && takenBy(key) < perKey

  function take(key: string, holder: Holder): void {
    const holders = held.get(key) ?? new Set()
    held.set(key, holders.add(holder))
    all++
    changes++
  }

  function giveBack(key: string, holder: Holder): void {
    const holders = held.get(key)!
    holders.delete(holder)
    if (holders.size === 0) held.delete(key)
    all--
    changes++
    for (let next = queues.first(isFree); next; next = queues.first(isFree)) next.admit()
  }

  function slotOf(key: string, name: string): Slot {
    const holder = { name }
    take(key, holder)
    let isHeld = true
    return {
      hold() {
        if (!isHeld) take(key, holder)
        isHeld = true
      },
      release() {
        if (isHeld) giveBack(key, holder)
        isHeld = false
      },
    }
  }

  return {
    takenBy,
    changes: () => changes,
    seize: slotOf,

    async take(key, name, signal) {
      if (signal.aborted) return undefined
      return isFree(key) ? slotOf(key, name) : queues.wait(key, signal, () => slotOf(key, name))
    },

    blocking(key) {
      const isOfKey = takenBy(key) >= perKey
      const keys = isOfKey ? [key] : [...held.keys()]
      const holders = keys.flatMap((key) => [...held.get(key)!].map(({ name }) => ({ key, name })))
      return { limit: isOfKey ? 'key' : 'all', slots: isOfKey ? perKey : inAll, holders }
    },
  }
}
