import type { ExchangeRecord } from '../../../agent/http/record.ts'
import { recordedCall } from '../../../agent/http/recorded-call.ts'
import type { Target } from '../../../agent/http/target.ts'
import type { HealthAnswer, Protocol } from '../../../agent/protocol.ts'
import type { Sign } from '../belief.ts'

/** `latencyMs` is null when no answer came. */
export type CheckResult = Sign & {
  latencyMs: number | null
  endpoint: string | undefined
  record?: ExchangeRecord | undefined
  retryAfterMs?: number | undefined
}

/** Of the timeout: slower answers count as degraded. */
const slowShare = 0.5

export async function checkAgent(
  protocol: Pick<Protocol, 'checkHealth'>,
  ask: {
    target: Target
    endpoint: string | undefined
    timeoutMs: number
    signal: AbortSignal
    elapsed: () => number
    isWorking: () => boolean
  },
): Promise<CheckResult> {
  const { target, endpoint, timeoutMs, signal, elapsed, isWorking } = ask
  const wasWorking = isWorking()
  const startedAt = elapsed()
  const { answer, failure, record } = await recordedCall((onRecord) =>
    protocol.checkHealth(target, { endpoint, deadlineMs: timeoutMs, signal, onRecord }),
  )
  if (failure) {
    const isBusy = failure.kind === 'timeout' && (wasWorking || isWorking())
    return { outcome: isBusy ? 'busy' : 'down', reason: failure.reason, latencyMs: null, endpoint, record }
  }
  const result = resultOf(answer, elapsed() - startedAt, timeoutMs)
  return { ...result, endpoint: answer.endpoint, record, retryAfterMs: answer.retryAfterMs }
}

export function resultOf({ verdict, reason }: HealthAnswer, latencyMs: number, timeoutMs: number) {
  if (verdict === 'unhealthy') return { outcome: 'down', reason, latencyMs } as const
  if (verdict === 'degraded') return { outcome: 'degraded', reason, latencyMs } as const
  if (verdict === 'busy') return { outcome: 'up', reason, reportsBusy: true, latencyMs } as const
  if (latencyMs <= timeoutMs * slowShare) return { outcome: 'up', latencyMs } as const
  return { outcome: 'degraded', reason: `it took ${(latencyMs / 1000).toFixed(1)} s to answer`, latencyMs } as const
}
