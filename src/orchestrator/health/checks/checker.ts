import type { Protocol, ProtocolName } from '../../../agent/protocol.ts'
import { createSlots } from '../../../shared/slots/slots.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { Agent } from '../../registry/agent.ts'
import { targetOf } from '../../registry/target.ts'
import type { Watch } from '../watch.ts'
import type { Watches } from '../watches.ts'
import { checkAgent } from './check.ts'

const maxConcurrent = 32
/** For agents that did not answer last time: they must not take all slots. */
const maxConcurrentFailing = 24

export function createChecker(deps: {
  protocols: Record<ProtocolName, Pick<Protocol, 'checkHealth'>>
  clock: Pick<Clock, 'elapsed'>
  watches: Pick<Watches, 'has' | 'beliefs'>
  isWorking: (agent: Agent) => boolean
  timeoutMs: number
  signal: AbortSignal
}): (watch: Watch) => Promise<void> {
  const { protocols, clock, watches, isWorking, timeoutMs, signal } = deps
  const slots = createSlots(maxConcurrentFailing, maxConcurrent)

  return async (watch) => {
    // A key each: only the number of all limits those that answer.
    const key = watch.belief.failures > 0 ? 'failing' : `answering ${watch.agent.id}`
    watch.waitingSince = clock.elapsed()
    const slot = await slots.take(key, watch.agent.id, signal)
    watch.waitingSince = Number.POSITIVE_INFINITY
    if (!slot) return
    try {
      if (!watches.has(watch)) return
      const { agent, endpoint } = watch
      const { checkTimeoutSeconds: own } = agent
      const result = await checkAgent(protocols[agent.protocol], {
        target: targetOf(agent),
        endpoint,
        timeoutMs: own === undefined ? timeoutMs : own * 1000,
        signal,
        elapsed: clock.elapsed,
        isWorking: () => isWorking(agent),
      })
      // By then the database may be closed, or the agent removed or replaced.
      if (!signal.aborted && watches.has(watch)) watches.beliefs.takeCheck(watch, result)
    } finally {
      slot.release()
    }
  }
}
