import { pythonToJson } from './python-repr.ts'
import { type JsonToken, jsonTokens } from './tokens.ts'

const maxLength = 120
/** A payload may be one string of megabytes, or a million numbers. */
const maxRead = 2000
const maxTokens = 500

/** A payload in at most 120 characters: `topic: Grid storage after 2030 · max_sources: 3`. Only its start is read. Null
 * where there is nothing to say. */
export function payloadLine(payload: string | null): string | null {
  if (payload === null) return null
  const json = jsonOf(payload.slice(0, maxRead).trimStart(), payload)
  return cut(oneLine(json === undefined ? payload.slice(0, maxRead) : lineOfJson(json))) || null
}

function jsonOf(start: string, payload: string): string | undefined {
  if (start === '' || /^(?:\{\s*(?:"|\}|$)|["[])/.test(start)) return payload
  if (/^(?:null|None)\s*$/.test(start)) return 'null'
  return /^[{(]/.test(start) && payload.length <= maxRead ? pythonToJson(payload) : undefined
}

function lineOfJson(json: string): string {
  const tokens = limited(json)
  const first = tokens.next().value
  if (!first) return ''
  if (json[first.start] !== '{') return readValue(json, tokens, first)
  const parts: string[] = []
  for (let length = 0; length <= maxLength; ) {
    const name = tokens.next().value
    if (name?.kind === 'comma') continue
    if (name?.kind !== 'string') break
    if (tokens.next().value?.kind !== 'colon') break
    const value = tokens.next().value
    if (!value) break
    const text = readValue(json, tokens, value)
    if (text === '') continue
    parts.push(`${textOf(json, name)}: ${text}`)
    length += parts.at(-1)!.length + 3
  }
  return parts.join(' · ')
}

type Tokens = Generator<JsonToken, undefined>

function* limited(json: string): Tokens {
  let count = 0
  for (const token of jsonTokens(json)) {
    if (++count > maxTokens) return
    yield token
  }
}

function readValue(json: string, tokens: Tokens, first: JsonToken): string {
  if (first.kind === 'string') return oneLine(textOf(json, first))
  if (first.kind === 'literal') {
    const word = json.slice(first.start, Math.min(first.end, first.start + maxLength))
    return word === 'null' ? '' : word
  }
  return first.kind === 'open' ? readItems(json, tokens, first) : ''
}

/** `de, fr, ja`; what is nested further is `…`. */
function readItems(json: string, tokens: Tokens, { start }: JsonToken): string {
  const isList = json[start] === '['
  const items: string[] = []
  let depth = 1
  let isEmpty = true
  for (let length = 0; depth > 0 && length <= maxLength; ) {
    const token = tokens.next().value
    if (!token) break
    if (token.kind === 'close') depth--
    else isEmpty = false
    if (token.kind === 'open' && depth++ === 1 && isList) items.push('…')
    if (depth > 1 || !isList || (token.kind !== 'string' && token.kind !== 'literal')) continue
    items.push(token.kind === 'string' ? oneLine(textOf(json, token)) : json.slice(token.start, token.end))
    length += items.at(-1)!.length + 2
  }
  if (isEmpty) return ''
  return isList ? items.join(', ') : '{…}'
}

function textOf(json: string, { start, end }: JsonToken): string {
  const inside = json.slice(start + 1, Math.min(end - 1, start + maxRead))
  if (!inside.includes('\\')) return inside
  const whole = inside.replace(/\\(?:u[\da-fA-F]{0,3})?$/, '')
  try {
    return JSON.parse(`"${whole.replace(/[\0-\x1f]/g, ' ')}"`)
  } catch {
    return inside
  }
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}

function cut(text: string): string {
  if (text.length <= maxLength) return text.toWellFormed()
  return `${text
    .slice(0, maxLength - 1)
    .replace(/[\ud800-\udbff]$/, '')
    .toWellFormed()
    .trimEnd()}…`
}
