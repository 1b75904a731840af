import type { AgentFailure } from '../../agent/http/failure.ts'
import { recordedCall } from '../../agent/http/recorded-call.ts'
import type { Certificate } from '../../agent/http/trust.ts'
import type { Clock } from '../../shared/clock.ts'
import { AgentUnavailableError, BadAddressError } from '../../shared/errors.ts'
import { type CheckResult, resultOf } from '../health/check.ts'
import type { HealthMonitor } from '../health/monitor.ts'
import type { Callable } from '../registry/target.ts'

export type Admission = {
  /**
   * Undefined when `anyway` admits an agent that does not answer. Throws AgentUnavailableError, and BadAddressError for
   * a dashboard.
   */
  check(agent: Callable, anyway: unknown): Promise<CheckResult | undefined>
}

export function createAdmission(deps: {
  health: Pick<HealthMonitor, 'ask'>
  clock: Pick<Clock, 'elapsed'>
  timeoutMs: number
}): Admission {
  const { health, clock, timeoutMs } = deps

  async function checkOrThrow(agent: Callable): Promise<CheckResult> {
    const startedAt = clock.elapsed()
    const { answer, failure, record } = await recordedCall((onRecord) => health.ask(agent, timeoutMs, onRecord))
    if (failure) throw refusal(agent.url, failure)
    const { endpoint, ...report } = answer
    const result = resultOf(report, clock.elapsed() - startedAt, timeoutMs)
    if (result.outcome !== 'down') return { ...result, endpoint, record }
    throw new AgentUnavailableError(`The agent at ${agent.url} is not healthy: ${result.reason}.`, 'agent_url')
  }

  return {
    async check(agent, anyway) {
      try {
        return await checkOrThrow(agent)
      } catch (error) {
        if (isYes(anyway) && error instanceof AgentUnavailableError) return undefined
        throw error
      }
    },
  }
}

function refusal(url: string, { kind, reason, isUnsent, details }: AgentFailure): Error {
  if (kind === 'self')
    return new BadAddressError(`${url} is a dashboard like this one, not an agent. Agents listen on another port.`)
  const hint = kind === 'refused' ? '. Is it running?' : details.certificate ? acceptable(details.certificate) : '.'
  const failed = isUnsent ? 'Cannot connect to' : 'No usable answer from'
  return new AgentUnavailableError(`${failed} agent at ${url}: ${reason}${hint}`, 'agent_url')
}

const acceptable = ({ fingerprint }: Certificate): string =>
  `. Its SHA-256 fingerprint is ${fingerprint}: accept it if the agent's own is the same.`

function isYes(value: unknown): boolean {
  return value === true || value === '1' || value === 'true'
}
