import { createSecretMask, mask } from '../../shared/secrets/mask.ts'
import type { Target } from './target.ts'

/** The one list of names of headers and URL parameters whose values are, or may be, credentials. */
const credentials = [
  /^proxy-/,
  /cookie/,
  /auth(n|z|enticate|entication|orization)?($|[-_.])/,
  /token/,
  /secret/,
  /passw(or)?d|passphrase|pwd/,
  /keys?(id)?($|[-_.])/,
  /credential/,
  /signature|(^|[-_.])sig($|[-_.])/,
  /session|(^|[-_.])sid($|[-_.])/,
  /jwt|bearer|otp($|[-_.])/,
]
const harmless = [/^idempotency-key$/, /ratelimit/, /^x-tokens?-(used|remaining|count)$/]

function isCredential(name: string): boolean {
  const lower = name.toLowerCase()
  return credentials.some((one) => one.test(lower)) && !harmless.some((one) => one.test(lower))
}

export function redactedHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isCredential(name) ? mask : withoutUrlCredentials(value)]),
  )
}

export function withoutUrlCredentials(value: string): string {
  return value
    .replace(/(:\/\/)[^/?#\s@]*@/g, `$1${mask}@`)
    .replace(/([?&#;])([\w.-]+)=([^&#;\s"'<>]+)/g, (whole, sign, name) =>
      isCredential(name) ? `${sign}${name}=${mask}` : whole,
    )
}

/** Shorter values are too common to be searched for. */
const minEchoedCharacters = 8

/** Takes what a target brings out of what the agent sends back: each header may be a credential, whatever its name. */
export function createTargetMask({ headers, secrets = [] }: Target) {
  const pieces = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)])
  const echoes = [...secrets, ...pieces.filter(({ length }) => length >= minEchoedCharacters)]
  if (echoes.length === 0) return { text: same, body: same, headers: same }
  const { text, json } = createSecretMask([...new Set(echoes)].sort((a, b) => b.length - a.length))
  return {
    text,
    body: (said: string) => (/^\s*[{["]/.test(said) ? json(said) : text(said)),
    headers: (said: Record<string, string>) => mapValues(said, text),
  }
}

const same = <Said>(said: Said): Said => said

export function redactedTarget({ url, headers }: Target): Pick<Target, 'url' | 'headers'> {
  return { url, headers: mapValues(headers, () => mask) }
}

function mapValues(headers: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), change(value)]))
}
