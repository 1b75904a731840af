import type { Belief } from './belief.ts'

const fewestAgents = 10

/**
 * Guesses that this machine is offline, when more than half of ten or more agents begin to fail within one round. It
 * stays with that until half of them answer again.
 */
export function createOfflineGuess(roundMs: number) {
  const failing = new Map<string, number>()
  let isOffline = false

  return {
    note(agentId: string, { failures }: Belief, elapsed: number, agents: number): void {
      if (failures === 0) failing.delete(agentId)
      else if (!failing.has(agentId)) failing.set(agentId, elapsed)
      if (agents < fewestAgents || failing.size <= agents / 2) {
        isOffline = false
      } else if (!isOffline && failures > 0) {
        isOffline = [...failing.values()].filter((since) => since > elapsed - roundMs).length > agents / 2
      }
    },

    forget(agentId: string): void {
      failing.delete(agentId)
    },

    isLikely: () => isOffline,
  }
}
