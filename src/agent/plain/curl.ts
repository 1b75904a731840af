import { redactedTarget } from '../http/header-redaction.ts'
import type { Target } from '../http/target.ts'

const maxCharacters = 64 * 1024

/** `target` is the run endpoint. Its headers are named, with masked values. */
export function curlFor(target: Target, inputs: string): string | undefined {
  if (inputs.length > maxCharacters) return undefined
  const headers = Object.entries({ ...redactedTarget(target).headers, 'content-type': 'application/json' })
  const named = headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)
  return ['curl', quoted(target.url), ...named, '--data-raw', quoted(inputs)].join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
