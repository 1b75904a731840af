import type { Belief } from './health-state.ts'

const fewestAgents = 10

/**
 * Guesses that this machine is offline, when more than half of ten or more agents begin to fail within one round. It
 * stays with that until half of them answer again.
 */
export function createOfflineGuess(roundMs: number) {
  const failing = new Map<string, number>()
  let isOffline = false

  return {
    note(agentId: string, { failures, failingSince }: Belief, now: number, agents: number): void {
      if (failures > 0) failing.set(agentId, failingSince)
      else failing.delete(agentId)
      if (agents < fewestAgents || failing.size <= agents / 2) {
        isOffline = false
      } else if (!isOffline && failures > 0) {
        isOffline = [...failing.values()].filter((since) => since > now - roundMs).length > agents / 2
      }
    },

    forget(agentId: string): void {
      failing.delete(agentId)
    },

    isLikely: () => isOffline,
  }
}
