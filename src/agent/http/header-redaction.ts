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
export type TargetMask = {
  text: (said: string) => string
  body: (said: string) => string
  /** Names too, which have come in lower case. */
  headers: (said: Record<string, string>) => Record<string, string>
}

export function createTargetMask({ headers, secrets = [] }: Target): TargetMask {
  const pieces = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)])
  const echoes = [...secrets, ...pieces.filter(({ length }) => length >= minEchoedCharacters)]
  if (echoes.length === 0) return { text: same, body: same, headers: same }
  const longestFirst = [...new Set(echoes.flatMap((echo) => [echo, inBytes(echo)]))].sort((a, b) => b.length - a.length)
  const { text, json } = createSecretMask(longestFirst)
  const name = createSecretMask(longestFirst.map((echo) => echo.toLowerCase()))
  return {
    text,
    body: json,
    headers: (said) => Object.fromEntries(Object.entries(said).map(([one, value]) => [name.text(one), text(value)])),
  }
}

/** UTF-8 as it looks in a header, which is read byte by byte. */
const inBytes = (text: string): string => Buffer.from(text).toString('latin1')

const same = <Said>(said: Said): Said => said

export function redactedTarget({ url, headers }: Target): Pick<Target, 'url' | 'headers'> {
  return { url, headers: Object.fromEntries(Object.keys(headers).map((name) => [name.toLowerCase(), mask])) }
}
