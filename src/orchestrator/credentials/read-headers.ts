import { isMembers } from '../../shared/members.ts'

const maxHeaders = 20
const maxCharacters = 8192
/** They belong to the connection, or the dashboard sends them itself: another value would break the exchange. */
const own = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
  ...['host', 'accept', 'accept-encoding', 'user-agent', 'range', 'date', 'http2-settings'],
  ...['idempotency-key', 'traceparent', 'tracestate'],
])
const ownStart = /^(content-|if-|:)/

/** Names come in lower case. `fail` is told the first thing that is wrong, which repeats no value. */
export function readHeaders(value: unknown, fail: (message: string) => undefined): Record<string, string> | undefined {
  if (!isMembers(value)) return fail('Headers must be an object of names and values.')
  const given = Object.entries(value)
  if (given.length === 0) return fail('Enter at least one header.')
  if (given.length > maxHeaders) return fail(`At most ${maxHeaders} headers can be saved.`)
  const headers = new Map<string, string>()
  for (const [typed, text] of given) {
    const name = typed.trim().toLowerCase()
    const wrong = wrongName(name, typed) ?? wrongValue(name, text)
    if (wrong !== undefined) return fail(wrong)
    if (headers.has(name)) return fail(`"${name}" is given twice.`)
    headers.set(name, String(text).trim())
  }
  return Object.fromEntries(headers)
}

function wrongName(name: string, typed: string): string | undefined {
  // A value may have been typed in its place: it is not repeated.
  if (!/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) return 'The name of a header has letters, digits and hyphens only.'
  if (!own.has(name) && !ownStart.test(name)) return undefined
  return `"${typed.trim()}" belongs to the request itself, and cannot be set.`
}

function wrongValue(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return `The value of "${name}" must be a string.`
  // A value may have been typed as the name.
  if (value.trim() === '') return 'One of the headers has no value. Each has a name, a colon and a value.'
  if (value.length > maxCharacters) return `The value of "${name}" may have at most ${maxCharacters} characters.`
  if (/^[\x20-\x7e\xa0-\xff]+$/.test(value.trim())) return undefined
  return `The value of "${name}" has characters that headers cannot carry.`
}
