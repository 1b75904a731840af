import { redactedTarget } from '../http/header-redaction.ts'
import type { Target } from '../http/target.ts'

const maxCharacters = 64 * 1024

/** The command that sends a run to the run endpoint. Headers of the target are named, but their values are masked. */
export function curlFor(target: Target, inputs: string): string | undefined {
  if (inputs.length > maxCharacters) return undefined
  const headers = Object.entries({ ...redactedTarget(target).headers, 'content-type': 'application/json' })
  const named = headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)
  return ['curl', quoted(target.url), ...named, '--data-raw', quoted(inputs)].join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
