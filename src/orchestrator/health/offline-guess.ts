import type { Belief } from './belief.ts'

const minAgents = 10

export type OfflineGuess = {
  note(agentId: string, belief: Belief, elapsed: number, agentCount: number): void
  forget(agentId: string): void
  isLikely(): boolean
}

/** This machine is offline when more than half of the agents begin to fail within one round, until half answer again. */
export function createOfflineGuess(roundMs: number): OfflineGuess {
  const failingSince = new Map<string, number>()
  let isOffline = false

  return {
    note(agentId, { failures }, elapsed, agentCount) {
      if (failures === 0) failingSince.delete(agentId)
      else if (!failingSince.has(agentId)) failingSince.set(agentId, elapsed)
      if (agentCount < minAgents || failingSince.size <= agentCount / 2) {
        isOffline = false
      } else if (!isOffline && failures > 0) {
        isOffline = [...failingSince.values()].filter((since) => since > elapsed - roundMs).length > agentCount / 2
      }
    },

    forget(agentId) {
      failingSince.delete(agentId)
    },

    isLikely: () => isOffline,
  }
}
