import { shellQuoted } from '../../shared/text/shell-quoted.ts'
import { redactedTarget } from '../http/header-redaction.ts'
import type { Target } from '../http/target.ts'

const maxCharacters = 64 * 1024

/** `target` is the run endpoint. Its headers are named, with masked values. */
export function curlFor(target: Target, inputs: string, traceparent?: string): string | undefined {
  if (inputs.length > maxCharacters) return undefined
  const headers = Object.entries({
    ...redactedTarget(target).headers,
    'content-type': 'application/json',
    ...(traceparent !== undefined && { traceparent }),
  })
  const named = headers.map(([name, value]) => `-H ${shellQuoted(`${name}: ${value}`)}`)
  return ['curl', shellQuoted(target.url), ...named, '--data-raw', shellQuoted(inputs)].join(' ')
}
