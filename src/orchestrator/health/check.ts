import { AgentFailure } from '../../agent/http/failure.ts'
import type { ExchangeRecord } from '../../agent/http/record.ts'
import type { Target } from '../../agent/http/target.ts'
import type { HealthAnswer, Protocol } from '../../agent/protocol.ts'
import type { Finding } from './belief.ts'

/** What a check found, and what was said for it; `latencyMs` is null when no answer came. */
export type CheckFinding = Finding & {
  latencyMs: number | null
  endpoint: string | undefined
  record?: ExchangeRecord | undefined
  /** For how long the agent asks to be left alone. */
  retryAfterMs?: number | undefined
}

/** An answer that takes more than this share of the time it has shows an agent that does badly. */
const slowShare = 0.5

/** Asks an agent how it is. Throws only what is a mistake of ours. */
export async function checkAgent(
  protocol: Pick<Protocol, 'checkHealth'>,
  ask: {
    target: Target
    /** Where an earlier check found its answer. */
    endpoint: string | undefined
    timeoutMs: number
    signal: AbortSignal
    elapsed: () => number
    /** Whether the agent works on a run of ours. */
    isWorking: () => boolean
  },
): Promise<CheckFinding> {
  const { target, endpoint, timeoutMs, signal, elapsed, isWorking } = ask
  const wasWorking = isWorking()
  const startedAt = elapsed()
  let record: ExchangeRecord | undefined
  try {
    const onRecord = (made: ExchangeRecord) => {
      record = made
    }
    const answer = await protocol.checkHealth(target, { endpoint, deadlineMs: timeoutMs, signal, onRecord })
    const finding = findingOf(answer, elapsed() - startedAt, timeoutMs)
    return { ...finding, endpoint: answer.endpoint, record, retryAfterMs: answer.retryAfterMs }
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error
    const isBusy = error.kind === 'timeout' && (wasWorking || isWorking())
    return { outcome: isBusy ? 'busy' : 'down', reason: error.reason, latencyMs: null, endpoint, record }
  }
}

/** What an answer that took `latencyMs` of the `timeoutMs` it had says of the agent. */
export function findingOf({ verdict, reason }: HealthAnswer, latencyMs: number, timeoutMs: number) {
  if (verdict === 'unhealthy') return { outcome: 'down', reason, latencyMs } as const
  if (verdict === 'degraded') return { outcome: 'degraded', reason, latencyMs } as const
  if (verdict === 'busy') return { outcome: 'up', reason, reportsBusy: true, latencyMs } as const
  if (latencyMs <= timeoutMs * slowShare) return { outcome: 'up', latencyMs } as const
  return { outcome: 'degraded', reason: `it took ${(latencyMs / 1000).toFixed(1)} s to answer`, latencyMs } as const
}
