import type { LastAnswer } from '../../orchestrator/health/last-answer.ts'
import { certificateAsJson } from '../format/certificate.ts'
import { presentReason } from '../format/reason.ts'
import { formatLatency, isoTime, type Times } from '../format/times.ts'

/** As much of a body as is kept (agent/http/record.ts). */
const keptCharacters = 4096

export function presentLastAnswer({ at, url, status, durationMs, headers, body, failure }: LastAnswer, times: Times) {
  return {
    at: times.moment(at),
    url,
    tone: status !== null && status < 400 ? 'good' : 'bad',
    outcome: status === null ? presentReason(failure ?? 'no answer') : String(status),
    duration: formatLatency(durationMs),
    headers: headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
    body,
    isCut: body.length >= keptCharacters,
  }
}

export function lastAnswerAsJson({ at, url, status, durationMs, headers, body, failure, certificate }: LastAnswer) {
  return {
    at: isoTime(at),
    url,
    status,
    duration_ms: Math.round(durationMs * 10) / 10,
    headers: Object.fromEntries(headers),
    body,
    failure,
    certificate: certificateAsJson(certificate),
  }
}
