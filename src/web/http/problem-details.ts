import type { AppError } from '../../shared/errors.ts'
import { statusNames } from '../../shared/text/http-statuses.ts'

type Problem = Pick<AppError, 'code' | 'status' | 'message'> & { fields?: AppError['fields'] }

export function titleOf(status: number): string {
  return statusNames[status] ?? 'Failed'
}

/** By RFC 9457; `detail` is always a sentence. */
export function problemDetails(problem: Problem, requestId?: string): string {
  return JSON.stringify(problemOf(problem, requestId))
}

export function problemOf({ code, status, message, fields = [] }: Problem, requestId?: string) {
  return {
    type: `urn:configurable-agents:problem:${code}`,
    title: titleOf(status),
    status,
    detail: message,
    ...(requestId !== undefined && { requestId }),
    ...(fields.length > 0 && { errors: fields }),
  }
}
