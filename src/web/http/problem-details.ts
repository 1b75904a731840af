import type { AppError } from '../../shared/errors.ts'
import { statusNames } from '../../shared/text/http-statuses.ts'
import { credentialUrl } from '../format/asked.ts'

type Problem = Pick<AppError, 'code' | 'status' | 'message'> & {
  fields?: AppError['fields']
  agentId?: string | undefined
}

export function titleOf(status: number): string {
  return statusNames[status] ?? 'Failed'
}

/** By RFC 9457; `detail` is always a sentence. */
export function problemDetails(problem: Problem, requestId?: string): string {
  return JSON.stringify(problemOf(problem, requestId))
}

export function problemOf({ code, status, message, fields = [], agentId }: Problem, requestId?: string) {
  const enterAt = credentialUrl(agentId, message)
  return {
    type: `urn:configurable-agents:problem:${code}`,
    title: titleOf(status),
    status,
    detail: message,
    ...(requestId !== undefined && { requestId }),
    ...(fields.length > 0 && { errors: fields }),
    ...(enterAt !== null && { credential_url: enterAt }),
  }
}
