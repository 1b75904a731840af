/** Places for runs: so many on one agent, so many in all. Who finds none waits, in the order of arrival. */
export function createSlots(perAgent: number, inAll: number) {
  const taken = new Map<string, number>()
  let waiting: { agentId: string; start: () => void }[] = []
  let all = 0
  let changes = 0

  const isFree = (agentId: string) => all < inAll && (taken.get(agentId) ?? 0) < perAgent

  function take(agentId: string): void {
    taken.set(agentId, (taken.get(agentId) ?? 0) + 1)
    all++
    changes++
  }

  function release(agentId: string): void {
    const left = taken.get(agentId)! - 1
    if (left > 0) taken.set(agentId, left)
    else taken.delete(agentId)
    all--
    changes++
    const next = waiting.find((one) => isFree(one.agentId))
    if (!next) return
    waiting = waiting.filter((one) => one !== next)
    take(next.agentId)
    next.start()
  }

  return {
    /** How many places are taken by an agent. */
    takenBy: (agentId: string): number => taken.get(agentId) ?? 0,

    /** Moves when a place is taken or given back. */
    changes: (): number => changes,

    /** Resolves, as soon as there is a place, to what gives it back. */
    async take(agentId: string): Promise<() => void> {
      if (isFree(agentId)) take(agentId)
      else await new Promise<void>((start) => waiting.push({ agentId, start }))
      let isHeld = true
      return () => {
        if (isHeld) release(agentId)
        isHeld = false
      }
    },
  }
}
