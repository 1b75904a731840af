import { setTimeout as sleep } from 'node:timers/promises'
import { isHealthy } from '../agents/agent-server.ts'
import type { Random } from '../random.ts'
import type { DemoAgent } from './agents.ts'

/** Down for the last part of each cycle: often enough to be flapping after some minutes. */
const cycleMs = 90_000
const badMs = 32_000

/** What `GET /health` of an agent of the demo answers. */
export function healthOf({ condition, latencyMs }: DemoAgent, random: Random) {
  const startedAt = Date.now()

  function answer() {
    if (condition.kind === 'degraded') return { status: 200, body: { status: 'degraded', reason: condition.reason } }
    if (condition.kind === 'ill') return { status: 503, body: { detail: condition.reason } }
    const isBad = condition.kind === 'flapping' && (Date.now() - startedAt) % cycleMs > cycleMs - badMs
    return isBad ? { status: 503, body: { detail: 'the calendar does not answer' } } : isHealthy()
  }

  return async () => {
    await sleep(latencyMs * random.between(0.7, random.chance(0.1) ? 2.4 : 1.3))
    return answer()
  }
}
