import type { AgentFailure } from '../../agent/http/failure.ts'
import { recordedCall } from '../../agent/http/recorded-call.ts'
import type { Certificate } from '../../agent/http/trust.ts'
import { AgentUnavailableError, BadAddressError } from '../../shared/errors.ts'
import { credentialPhraseIn } from '../../shared/text/credential-words.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { type CheckResult, resultOf } from '../health/checks/check.ts'
import type { HealthMonitor } from '../health/monitor.ts'
import type { Schemas } from '../registry/schemas.ts'
import type { Callable } from '../registry/target.ts'

/** What a check before saving found; the `problem`, a sentence, where `anyway` admits an agent in spite of it. */
export type Admitted = { found: CheckResult; problem?: undefined } | { found?: undefined; problem: string }

export type Admission = {
  /** With a new credential, its schema is asked for too. Throws AgentUnavailableError, and BadAddressError for a
   * dashboard. */
  check(agent: Callable, how: { anyway: unknown; isCredentialNew: boolean }): Promise<Admitted>
}

export function createAdmission(deps: {
  health: Pick<HealthMonitor, 'ask'>
  schemas: Pick<Schemas, 'locked'>
  clock: Pick<Clock, 'elapsed'>
  timeoutMs: number
}): Admission {
  const { health, schemas, clock, timeoutMs } = deps

  async function checkOrThrow(agent: Callable, isCredentialNew: boolean): Promise<CheckResult> {
    const startedAt = clock.elapsed()
    const { answer, failure, record } = await recordedCall((onRecord) => health.ask(agent, timeoutMs, onRecord))
    if (failure) throw refusal(agent.url, failure)
    const { endpoint, ...report } = answer
    const result = resultOf(report, clock.elapsed() - startedAt, timeoutMs)
    if (result.outcome !== 'down') return { ...result, endpoint, record }
    const isLocked = isCredentialNew && credentialPhraseIn(result.reason ?? '') !== undefined
    const field = isLocked ? 'credential' : 'agent_url'
    throw new AgentUnavailableError(`The agent at ${agent.url} is not healthy: ${result.reason}.`, { field })
  }

  return {
    async check(agent, { anyway, isCredentialNew }) {
      try {
        const found = await checkOrThrow(agent, isCredentialNew)
        const locked = isCredentialNew ? await schemas.locked(agent) : undefined
        if (locked !== undefined) {
          throw new AgentUnavailableError(`The agent at ${agent.url}: ${locked}.`, { field: 'credential' })
        }
        return { found }
      } catch (error) {
        if (isYes(anyway) && error instanceof AgentUnavailableError) return { problem: error.message }
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
  return new AgentUnavailableError(`${failed} agent at ${url}: ${reason}${hint}`, { field: 'agent_url' })
}

const acceptable = ({ fingerprint }: Certificate): string =>
  `. Its SHA-256 fingerprint is ${fingerprint}: accept it if the agent's own is the same.`

function isYes(value: unknown): boolean {
  return value === true || value === '1' || value === 'true'
}
