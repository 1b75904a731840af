import type { Target } from './target.ts'

const mask = '••••'

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

/** Takes the headers of a target out of what the agent sends back: each of them may be a credential, whatever its name. */
export function createTargetMask({ headers }: Target) {
  const values = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)])
  const echoes = values.filter(({ length }) => length >= minEchoedCharacters).sort((a, b) => b.length - a.length)
  const text = (said: string) => echoes.reduce((rest, echo) => rest.replaceAll(echo, mask), said)

  return { text, headers: (said: Record<string, string>) => mapValues(said, text) }
}

export function redactedTarget({ url, headers }: Target): Target {
  return { url, headers: mapValues(headers, () => mask) }
}

function mapValues(headers: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), change(value)]))
}
