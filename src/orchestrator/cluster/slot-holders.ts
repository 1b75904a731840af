import type { Slots } from '../../shared/slots/slots.ts'
import type { SlotHolder, SlotLimits } from '../../store/ports/cluster.ts'

/** The runs of all dashboards that have a slot, as far as this one knows. */
export function createSlotHolders(limits: SlotLimits) {
  let holders: SlotHolder[] = []
  let changes = 0
  const ofAgent = (id: string) => holders.filter(({ agentId }) => agentId === id)

  return {
    ofAgent,
    changes: () => changes,

    set(found: SlotHolder[]): void {
      const ids = new Set(found.map(({ runId }) => runId))
      if (ids.size !== holders.length || holders.some(({ runId }) => !ids.has(runId))) changes++
      holders = found
    },

    add(holder: SlotHolder): void {
      holders = [...holders, holder]
      changes++
    },

    blocking(agentId: string): ReturnType<Slots['blocking']> {
      const those = ofAgent(agentId)
      const isOfAgent = those.length >= limits.perAgent
      return {
        limit: isOfAgent ? 'key' : 'all',
        slots: isOfAgent ? limits.perAgent : limits.inAll,
        holders: (isOfAgent ? those : holders).map(({ agentId, runId }) => ({ key: agentId, name: runId })),
      }
    },
  }
}
