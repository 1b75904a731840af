import type { ExchangeRecord } from '../../../agent/http/record.ts'
import { createSecretMask, mask, type SecretMask } from '../../../shared/secrets/mask.ts'
import type { RecordedExchange, RunRecord } from '../../../store/ports/runs.ts'
import type { JobProgress } from '../jobs/poll.ts'
import type { RunEvent } from '../state.ts'
import { withheldTexts } from './texts.ts'

// An agent may repeat the passwords it was sent. `sent`: the inputs with them; undefined after a restart.

export function exchangeOf(
  record: ExchangeRecord,
  row: RunRecord,
  sent: string | undefined,
  now: number,
): RecordedExchange {
  const { certificate: _, ...kept } = redacted(record, row, sent)
  return { ...kept, attempt: row.attempt, at: now - Math.round(kept.durationMs) }
}

function redacted(record: ExchangeRecord, row: RunRecord, sent: string | undefined): ExchangeRecord {
  if (row.withheld.length === 0) return record
  const { url, failure, responseHeaders, responseBody, requestBody } = record
  const kept = { ...record, requestBody: requestBody && (row.inputs?.slice(0, requestBody.length) ?? null) }
  const secrets = maskOf(row, sent)
  // Passwords that are not known cannot be masked.
  if (!secrets) return { ...kept, responseHeaders: null, responseBody: null }
  const headers = responseHeaders && Object.entries(responseHeaders)
  return {
    ...kept,
    url: secrets.text(url),
    failure: failure && secrets.text(failure),
    responseHeaders: headers && Object.fromEntries(headers.map((header) => header.map(secrets.text))),
    responseBody: responseBody && secrets.text(responseBody),
  }
}

export function redactedEvent(event: RunEvent, row: RunRecord, sent: string | undefined): RunEvent {
  const secrets = maskOf(row, sent)
  if (!secrets) return event
  const happened = { ...event }
  if ('message' in happened) happened.message = secrets.text(happened.message)
  if ('jobId' in happened) happened.jobId = secrets.text(happened.jobId)
  if ('fields' in happened)
    happened.fields = happened.fields?.map(({ field, message }) => ({
      field: secrets.text(field),
      message: secrets.text(message),
    }))
  if ('result' in happened && happened.result?.outputs) {
    happened.result = { ...happened.result, outputs: secrets.json(happened.result.outputs) }
  }
  return happened
}

export function redactedProgress<T extends JobProgress>(progress: T, row: RunRecord, sent: string | undefined): T {
  const secrets = maskOf(row, sent)
  const text = (said: string | undefined) => said && secrets?.text(said)
  return secrets ? { ...progress, word: text(progress.word), problem: text(progress.problem) } : progress
}

export function isNameLost(jobId: string | null): boolean {
  return jobId?.includes(mask) ?? false
}

function maskOf({ withheld, inputs }: RunRecord, sent: string | undefined): SecretMask | undefined {
  if (withheld.length === 0 || sent === undefined) return undefined
  return createSecretMask(withheldTexts(sent, inputs ?? '{}'))
}
