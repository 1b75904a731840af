import type { Target } from './target.ts'

/** Stands where something is not kept. */
const mask = '••••'

/** Every name of a header, or of a parameter in a URL, whose value is or may be a credential. The one list of them. */
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
/** Named like credentials, and none. */
const harmless = [/^idempotency-key$/, /ratelimit/, /^x-tokens?-(used|remaining|count)$/]

function isCredential(name: string): boolean {
  const lower = name.toLowerCase()
  return credentials.some((one) => one.test(lower)) && !harmless.some((one) => one.test(lower))
}

/** Headers as they may be kept: without credentials, also such as stand in a URL. */
export function redactedHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isCredential(name) ? mask : withoutUrlCredentials(value)]),
  )
}

/** A text without the credentials in the URLs that it holds. */
export function withoutUrlCredentials(value: string): string {
  return value
    .replace(/(:\/\/)[^/?#\s@]*@/g, `$1${mask}@`)
    .replace(/([?&#;])([\w.-]+)=([^&#;\s"'<>]+)/g, (whole, sign, name) =>
      isCredential(name) ? `${sign}${name}=${mask}` : whole,
    )
}

/** A shorter value is too common a text to be looked for in what an agent says. */
const minEchoedCharacters = 8

/**
 * Takes the headers of a target out of what is kept of a call: each of them may be a credential, whatever its name, and
 * the agent may repeat it.
 */
export function createTargetMask({ headers }: Target) {
  const values = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)])
  const echoes = values.filter(({ length }) => length >= minEchoedCharacters).sort((a, b) => b.length - a.length)
  const text = (said: string) => echoes.reduce((rest, echo) => rest.replaceAll(echo, mask), said)

  return { text, headers: (said: Record<string, string>) => mapValues(said, text) }
}

/** A target as it may be kept and shown. */
export function redactedTarget({ url, headers }: Target): Target {
  return { url, headers: mapValues(headers, () => mask) }
}

function mapValues(headers: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), change(value)]))
}
