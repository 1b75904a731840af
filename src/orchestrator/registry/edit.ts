import { parseAddress } from '../../agent/http/address.ts'
import { BadAddressError, type FieldError, InvalidInputError } from '../../shared/errors.ts'
import { type AccessRequest, readAccess } from '../credentials/access.ts'
import { type Agent, type AgentEdit, maxIntervalSeconds, maxTimeoutSeconds, withDescription } from './agent.ts'
import { checkAnyway, maxMetadataLength, readName, readText } from './registration.ts'

export type AgentEditRequest = AccessRequest & {
  agent_name?: unknown
  agent_url?: unknown
  description?: unknown
  check_interval_seconds?: unknown
  check_timeout_seconds?: unknown
  anyway?: unknown
}

const maxDescriptionLength = 3000

/** What a change does not name stays. Throws InvalidInputError with every wrong field. */
export function readAgentEdit(request: AgentEditRequest, before: Agent): AgentEdit {
  const {
    agent_name: name = before.name,
    agent_url: url = before.url,
    description = before.description,
    check_interval_seconds: interval = before.checkIntervalSeconds,
    check_timeout_seconds: timeout = before.checkTimeoutSeconds,
  } = request
  const errors: FieldError[] = []
  const edit = {
    name: readName(name, errors),
    url: readUrl(url, errors),
    description: readDescription(description, before, errors),
    checkIntervalSeconds: readSeconds(interval, 'check_interval_seconds', maxIntervalSeconds, errors),
    checkTimeoutSeconds: readSeconds(timeout, 'check_timeout_seconds', maxTimeoutSeconds, errors),
    access: readAccess(request, errors),
  }
  checkAnyway(request.anyway, errors)
  if (errors.length > 0) throw new InvalidInputError(errors)
  return edit
}

function readUrl(value: unknown, errors: FieldError[]): string {
  const typed = readText(value, 'agent_url', 'Agent URL', Number.POSITIVE_INFINITY, errors)
  try {
    return typed === '' ? '' : parseAddress(typed)
  } catch (error) {
    if (!(error instanceof BadAddressError)) throw error
    errors.push(...error.fields)
    return ''
  }
}

function readDescription(value: unknown, { metadata, description: before }: Agent, errors: FieldError[]): string {
  const fail = (message: string) => {
    errors.push({ field: 'description', message })
    return ''
  }
  if (value !== null && typeof value !== 'string') return fail('Description must be a string.')
  const text = (value ?? '').replaceAll('\r\n', '\n')
  if (text === before) return before
  const description = text.trim()
  const { length } = Array.from(description)
  if (length > maxDescriptionLength) {
    return fail(`Description may have at most ${maxDescriptionLength} characters, and this has ${length}.`)
  }
  if ((withDescription(metadata, description)?.length ?? 0) > maxMetadataLength) {
    return fail(`This is too long: description and metadata may have ${maxMetadataLength} characters together.`)
  }
  return description
}

function readSeconds(value: unknown, field: string, max: number, errors: FieldError[]): number | undefined {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return undefined
  const seconds = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  if (Number.isFinite(seconds) && seconds >= 1 && seconds <= max) return seconds
  errors.push({ field, message: `Enter a number of seconds from 1 to ${max}, or leave it empty for the default.` })
  return undefined
}
