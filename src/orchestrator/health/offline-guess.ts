import type { Belief } from './belief.ts'

const minAgents = 10

/** This machine is offline when more than half of the agents began to fail within one round, until half answer again.
 * All dashboards guess the same of the same beliefs. */
export function mayBeOffline(beliefs: Pick<Belief, 'failures' | 'failingSince'>[], roundMs: number): boolean {
  const half = Math.floor(beliefs.length / 2)
  const since = beliefs.flatMap(({ failures, failingSince }) => (failures > 0 ? failingSince : []))
  if (beliefs.length < minAgents || since.length <= half) return false
  since.sort((one, other) => one - other)
  return since.some((last, index) => index >= half && last - since[index - half]! < roundMs)
}
