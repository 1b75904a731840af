import type { Slot } from '../../shared/slots/slots.ts'

/** Runs of this dashboard that wait for a slot. */
export function createSlotQueue(slotOf: (runId: string) => Slot) {
  const waiting = new Map<string, { agentId: string; admit: () => void }>()

  return {
    isEmpty: () => waiting.size === 0,
    get: (runId: string) => waiting.get(runId),

    /** Resolves to undefined when `signal` aborts before the run is admitted. */
    wait(agentId: string, runId: string, signal: AbortSignal): Promise<Slot | undefined> {
      return new Promise((resolve) => {
        const end = (slot: Slot | undefined) => {
          waiting.delete(runId)
          signal.removeEventListener('abort', giveUp)
          resolve(slot)
        }
        const giveUp = () => end(undefined)
        waiting.set(runId, { agentId, admit: () => end(slotOf(runId)) })
        signal.addEventListener('abort', giveUp)
      })
    },
  }
}
